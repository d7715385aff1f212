import { z } from "zod";
import { operation } from "../../operation.ts";
import { SlowSeconds, SpecText } from "../arguments.ts";
import { SpackText, bounded, spack, wordsOf } from "../spack.ts";

/** Says what Spack would build. */
export const spackSpec = operation({
  name: "spack_spec",
  description:
    "Says what Spack would build for a spec, with all dependencies, and what of it is installed. Nothing is built.",
  toolset: "software",
  effect: "read",
  task: "optional",
  input: z.strictObject({ spec: SpecText, timeout_seconds: SlowSeconds(600) }),
  output: SpackText,
  async run({ spec, timeout_seconds: seconds }, call) {
    call.progress(0, undefined, `Spack works out ${spec}`);
    const args = ["spec", "--install-status", "--long", ...wordsOf(spec)];
    return bounded((await spack(call, args, { timeoutMs: seconds * 1000 })).stdout);
  },
  say: ({ text }) => text,
});
