import { z } from "zod";
import { operation } from "../../operation.ts";
import { ModuleName } from "../arguments.ts";
import { availableModules } from "../modules.ts";

/** Says how modules are loaded. */
export const moduleLoadInstruction = operation({
  name: "module_load_instruction",
  description:
    "Says the line that loads modules in a batch script, and which of them cannot be loaded now. slurm_submit_job takes " +
    "them in its argument load as well.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    modules: z
      .array(ModuleName)
      .min(1)
      .max(50)
      .describe('Modules in order, for example: ["gcc/12.3", "openmpi/4.1"]'),
  }),
  output: z.object({ instruction: z.string(), missing: z.array(z.string()) }),
  async run({ modules }, call) {
    const known = await availableModules(call, true);
    const missing = modules.filter(
      (name) => !known.some((module) => module === name || module.startsWith(`${name}/`)),
    );
    return { instruction: `module load ${modules.join(" ")}`, missing };
  },
  say: ({ instruction, missing }) =>
    missing.length === 0
      ? instruction
      : `${instruction}\nNot to be loaded now: ${missing.join(", ")}; module_spider may know what has to be loaded first.`,
});
