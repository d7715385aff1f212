import { z } from "zod";
import { operation } from "../../operation.ts";
import { PackageName, SlowSeconds } from "../arguments.ts";
import { SpackText, bounded, spack } from "../spack.ts";

/** Says what Spack knows of a package. */
export const spackInfo = operation({
  name: "spack_info",
  description: "Says what Spack knows of a package: description, versions, variants, dependencies.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject({ package_name: PackageName, timeout_seconds: SlowSeconds(120) }),
  output: SpackText,
  async run({ package_name: name, timeout_seconds: seconds }, call) {
    return bounded((await spack(call, ["info", name], { timeoutMs: seconds * 1000 })).stdout);
  },
  say: ({ text }) => text,
});
