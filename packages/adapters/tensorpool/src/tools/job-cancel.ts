import { z } from "zod";
import { Confirm, JobId, Wait } from "../arguments.ts";
import { jobCommands } from "../commands/jobs.ts";
import { JobInfo, sayJob, waitForJob } from "../job-state.ts";
import { operation } from "../operation.ts";

const longestWaitMs = 10 * 60_000;

/** Cancels a job. */
export const jobCancel = operation({
  name: "job_cancel",
  description: "Cancels a TensorPool job; needs confirm: true. With wait it answers when the job has ended.",
  toolset: "jobs",
  effect: "destroy",
  idempotent: true,
  long: true,
  input: z.strictObject({ job_id: JobId, confirm: Confirm, wait: Wait }),
  output: JobInfo.partial({ terminal: true }),
  destroys: ({ job_id }) => `would cancel job ${job_id}; what it has not written yet is lost.`,
  async run({ job_id, wait }, call) {
    const { message } = await call.backend.send(jobCommands.cancel(job_id), call);
    if (!wait) return { job_id, message };
    return waitForJob(call, { jobId: job_id, timeoutMs: longestWaitMs });
  },
  say: ({ terminal, ...job }) => (terminal === undefined ? job.message : sayJob({ ...job, terminal })),
});
