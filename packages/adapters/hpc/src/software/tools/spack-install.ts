import { z } from "zod";
import { endOf } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { SlowSeconds, SpecText } from "../arguments.ts";
import { spack, wordsOf } from "../spack.ts";

/** Builds a package. */
export const spackInstall = operation({
  name: "spack_install",
  description:
    "Builds and installs a package with Spack, checksums verified; may take hours and runs on this machine, so mind its " +
    "policy. Cancelling the call ends the build.",
  toolset: "software-write",
  effect: "write",
  idempotent: true,
  task: "optional",
  input: z.strictObject({
    spec: SpecText,
    verbose: z.boolean().default(false).describe("Shows the output of the build, for example: true"),
    jobs: z.number().int().min(1).max(256).optional().describe("Processes of the build, for example: 8"),
    timeout_seconds: SlowSeconds(14_400),
  }),
  output: z.object({ output: z.string(), exit_code: z.literal(0), seconds: z.number() }),
  async run({ spec, verbose, jobs, timeout_seconds: seconds }, call) {
    const options = [
      ...(verbose ? ["--verbose"] : []),
      ...(jobs === undefined ? [] : [`--jobs=${String(jobs)}`]),
    ];
    call.progress(0, undefined, `Spack builds ${spec}`);
    const result = await spack(call, ["install", ...options, ...wordsOf(spec)], {
      timeoutMs: seconds * 1000,
      maxBytes: 64 * 2 ** 20,
    });
    const output = endOf(`${result.stdout}${result.stderr}`, 20_000);
    return { output, exit_code: 0 as const, seconds: result.durationMs / 1000 };
  },
  say: ({ output, seconds }) => `Installed after ${seconds.toFixed(0)} s.\n${output}`,
});
