import { z } from "zod";
import { JobId } from "../arguments.ts";
import { JobInfo, sayJob, waitForJob } from "../job-state.ts";
import { operation } from "../operation.ts";

/** Waits for a job. */
export const jobWait = operation({
  name: "job_wait",
  description: "Waits until a TensorPool job has ended, or the time is over, and says how it went.",
  toolset: "jobs",
  effect: "read",
  long: true,
  input: z.strictObject({
    job_id: JobId,
    timeout_seconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("Seconds to wait at most, for example: 3600"),
  }),
  output: JobInfo,
  run: ({ job_id, timeout_seconds }, call) =>
    waitForJob(call, { jobId: job_id, timeoutMs: timeout_seconds * 1000 }),
  say: sayJob,
});
