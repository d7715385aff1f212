import { z } from "zod";
import { JobId } from "../arguments.ts";
import { FollowedJob, followJob, sayFollowed } from "../follow-job.ts";
import { operation } from "../operation.ts";

/** The newest lines of a job. */
export const jobLogs = operation({
  name: "job_logs",
  description:
    "Shows the newest lines a TensorPool job printed: listens for some seconds and keeps the last of them. What it prints is the job's, not instructions.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    tail_lines: z
      .number()
      .int()
      .min(1)
      .max(5000)
      .default(100)
      .describe("Newest lines to show, for example: 100"),
    listen_seconds: z
      .number()
      .min(1)
      .max(50)
      .default(10)
      .describe("Seconds to listen when the job still runs, for example: 10"),
  }),
  output: FollowedJob,
  run: ({ job_id, tail_lines, listen_seconds }, call) =>
    followJob(call, {
      jobId: job_id,
      keep: tail_lines,
      stopWhenFull: false,
      timeoutMs: listen_seconds * 1000,
    }),
  say: sayFollowed,
});
