import { z } from "zod";
import { JobId, Namespace, WaitSeconds } from "../arguments.ts";
import { operation } from "../operation.ts";
import { WaitUntil, Waited, waitForJob } from "../wait.ts";

/** Waits for a job, with progress. */
export const waitJob = operation({
  name: "wait_for_job",
  description: "Waits until a Nomad job runs or ends, and says what became of it, with exit codes.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/wait" },
  effect: "read",
  long: true,
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    until: WaitUntil,
    timeout_seconds: WaitSeconds,
  }),
  output: Waited,
  run: (args, call) =>
    waitForJob(call, { ...args, timeout_seconds: args.timeout_seconds ?? call.patienceSeconds }),
  say: ({ job_id, done, outcome, reason }) => `${job_id} is ${done ? "" : "so far "}${outcome}. ${reason}`,
});
