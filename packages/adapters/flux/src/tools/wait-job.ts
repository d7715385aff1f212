import { z } from "zod";
import { JobId, Uri, WaitSeconds } from "../arguments.ts";
import { operation } from "../operation.ts";
import { JobView, hasEnded, sayJob, viewJob } from "../views.ts";
import { waitForEnd } from "../waiting.ts";

/** Waits for the end of a job, with progress. Giving up the call leaves the job alone. */
export const waitJob = operation({
  name: "flux_wait_job",
  description: "Waits until a Flux job has ended, and says how, with the exit code.",
  toolset: "control",
  effect: "read",
  task: "optional",
  input: z.strictObject({ job_id: JobId, uri: Uri, timeout_seconds: WaitSeconds }),
  output: JobView.extend({ done: z.boolean() }),
  async run({ job_id, uri, timeout_seconds }, call) {
    const seconds = call.mayOutlive ? undefined : timeout_seconds;
    const job = await waitForEnd(call, call.flux(uri), { jobId: job_id, seconds });
    return { ...viewJob(job), done: hasEnded(job) };
  },
  say: ({ done, ...job }) => `${sayJob(job)}${done ? "" : " (it goes on)"}`,
});
