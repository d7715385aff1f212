import { z } from "zod";
import { JobId } from "../arguments.ts";
import { JobInfo, readJob, sayJob } from "../job-state.ts";
import { operation } from "../operation.ts";

/** Shows one job. */
export const jobInfo = operation({
  name: "job_info",
  description:
    "Shows one TensorPool job: its state, whether it has ended, and whether its own code failed or the engine did.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({ job_id: JobId }),
  output: JobInfo,
  run: ({ job_id }, call) => readJob(call, job_id),
  say: sayJob,
});
