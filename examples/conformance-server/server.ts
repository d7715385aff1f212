import { createServer, type ParleyServer } from "@parley/server";
import { createRegistry, type Registry } from "@parley/tool-registry";
import { asksByKey, asksOnce } from "./asking-tools.ts";
import { changingTools, contentTools, talkingTools } from "./content-tools.ts";
import { longTools } from "./long-tools.ts";
import { prompts } from "./prompts.ts";
import { resources } from "./resources.ts";

/** What the conformance suite expects of a server, as a registry. */
export function conformanceRegistry(): Registry {
  const registry = createRegistry();
  const tools = [
    ...contentTools,
    ...talkingTools,
    ...asksOnce,
    ...asksByKey,
    ...longTools,
    ...changingTools(registry),
  ];
  registry.replace("conformance", { tools, prompts, resources });
  return registry;
}

/**
 * A server that the conformance suite can be run against.
 * @param extend - adds further fixtures before the server starts
 */
export function conformanceServer(extend: (registry: Registry) => void = () => undefined): ParleyServer {
  const registry = conformanceRegistry();
  extend(registry);
  return createServer({ name: "conformance-server", version: "1.0.0", registry });
}
