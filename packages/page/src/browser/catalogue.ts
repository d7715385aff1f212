import { listStreams } from "./events.ts";
import { text } from "./json.ts";
import type { Open } from "./json.ts";
import { listAll } from "./mcp.ts";

/** The lists of the page, in the order in which they are offered. */
export const sections = ["tools", "prompts", "resources", "events"] as const;
export type Section = (typeof sections)[number];

/** Everything the server offers. */
export type Catalogue = Readonly<Record<Section, readonly Open[]>>;

export const nothing: Catalogue = { tools: [], prompts: [], resources: [], events: [] };

/** @throws Refusal */
export async function readCatalogue(): Promise<Catalogue> {
  // First of all alone: where it is refused for want of a token, the others would be counted as wrong ones too.
  const tools = await listAll("tools/list", "tools");
  const [prompts, resources, templates, events] = await Promise.all([
    listAll("prompts/list", "prompts"),
    listAll("resources/list", "resources"),
    listAll("resources/templates/list", "resourceTemplates"),
    listStreams(tools).catch(() => []),
  ]);
  return { tools, prompts, resources: [...resources, ...templates], events };
}

/** What tells an item from the others of its list, and stands in the page's address. */
export function keyOf(item: Open): string {
  return text(item["uri"]) ?? text(item["uriTemplate"]) ?? text(item["name"]) ?? "";
}
