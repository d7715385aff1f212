import { z } from "zod";
import { operation } from "../operation.ts";
import { Command, SubmitAsync, Submitted, jobspecOf, saySubmitted, shape, submitted } from "../submission.ts";

/** Submits a command. The jobspec is built here: nothing of the server's environment gets into it by chance. */
export const submitJob = operation({
  name: "flux_submit_job",
  description:
    "Submits a command to Flux as a job, and answers its id at once. To wait for its end, use flux_run_job.",
  toolset: "jobs",
  effect: "write",
  input: z.strictObject({ command: Command, ...shape, submit_async: SubmitAsync }),
  output: Submitted,
  async run(args, call) {
    const jobspec = jobspecOf(args, { command: args.command }, call);
    const { urgency, uri } = args;
    return submitted(await call.flux(uri).submit(jobspec, { urgency, signal: call.signal }), uri);
  },
  say: saySubmitted,
});
