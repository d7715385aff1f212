import { z } from "zod";
import { operation } from "../../operation.ts";
import { EngineState, engineNames, probeEngine } from "../engine.ts";

/** Finds the engines. */
export const dockerListEngines = operation({
  name: "docker_list_engines",
  description: "Says which of docker, podman and buildah are here and answer.",
  toolset: "containers",
  effect: "read",
  openWorld: false,
  input: z.strictObject({}),
  output: z.object({ engines: z.array(EngineState) }),
  run: async (_args, call) => ({
    engines: await Promise.all(engineNames.map((name) => probeEngine(call, name))),
  }),
  say: ({ engines }) =>
    engines
      .map(({ name, state, version, detail }) => [name, state, version ?? detail ?? ""].join(" ").trim())
      .join("\n"),
});
