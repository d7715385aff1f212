import { z } from "zod";
import { operation } from "../operation.ts";

/** What is spoken to, and how. */
export const version = operation({
  name: "version",
  description:
    "Says whether TensorPool is reached through the tp program or its HTTP API, which tp it is and what it takes. Needs no key.",
  toolset: "account",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    backend: z.enum(["cli", "http"]),
    engine: z.string(),
    program: z.string().optional(),
    version: z.string().optional(),
    /** `legacy` until 0.0.6, `current` from 0.0.7. */
    generation: z.enum(["legacy", "current"]).optional(),
    /** Whether shell lines of the engine are run. */
    allow_commands: z.boolean(),
    capabilities: z.record(z.string(), z.unknown()).optional(),
  }),
  async run(_args, call) {
    const { engine, allowCommands } = call.settings;
    const { backend, program, tp } = await call.backend.version(call);
    return {
      backend,
      engine,
      allow_commands: backend === "cli" && allowCommands,
      ...(program === undefined ? {} : { program }),
      ...(tp === undefined
        ? {}
        : { version: tp.version, generation: tp.generation, capabilities: { ...tp } }),
    };
  },
  say: ({ backend, engine, program, version: number, generation, allow_commands }) =>
    backend === "http"
      ? `The HTTP API of ${engine}; no command of it is ever run.`
      : `tp ${number ?? "unknown"} (${generation ?? "unknown"}) at ${program ?? "an unknown place"}, for ${engine}; shell lines of the engine are ${allow_commands ? "run" : "refused"}.`,
});
