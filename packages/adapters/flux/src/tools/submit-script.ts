import { z } from "zod";
import { operation } from "../operation.ts";
import { Script, Submitted, jobspecOf, saySubmitted, shape, submitted } from "../submission.ts";

/** Submits a script that every task runs; the text travels in the jobspec. */
export const submitScript = operation({
  name: "flux_submit_script",
  description:
    "Submits a script that each task of the job runs. #flux: lines in it are comments here; flux_submit_batch reads them.",
  toolset: "control",
  effect: "write",
  input: z.strictObject({
    script: Script,
    args: z
      .array(z.string().max(131_072))
      .max(1000)
      .default([])
      .describe('Its arguments, for example: ["input.dat"]'),
    ...shape,
  }),
  output: Submitted,
  async run(args, call) {
    const jobspec = jobspecOf(args, { script: args.script, command: args.args }, call);
    const { urgency, uri } = args;
    return submitted(await call.flux(uri).submit(jobspec, { urgency, signal: call.signal }), uri);
  },
  say: saySubmitted,
});
