import { z } from "zod";
import { Confirm, JobId, Namespace, TimeoutSeconds } from "../arguments.ts";
import { operation } from "../operation.ts";
import { RestartMode, Restarted, restartNomadJob, sayRestarted } from "../restart.ts";

/** Restarts a job's allocations in batches, or the whole job. */
export const restartJob = operation({
  name: "restart_job",
  description:
    "Restarts a Nomad job: its running allocations in place or moved to new ones, batch by batch; with stop_start, or " +
    "when nothing runs, the whole job. stop_start of a running job needs confirm: true.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/restart" },
  effect: "destroy",
  long: true,
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    mode: RestartMode,
    groups: z
      .array(z.string().min(1))
      .max(50)
      .optional()
      .describe('Groups to restart; default all; for example: ["web"]'),
    task: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("Restarts this task alone (in_place), for example: server"),
    batch_size: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe("Allocations restarted at once, for example: 1"),
    batch_wait_seconds: z
      .number()
      .min(0)
      .max(300)
      .default(0)
      .describe("Pause between batches, for example: 10"),
    timeout_seconds: TimeoutSeconds,
    confirm: Confirm,
  }),
  output: Restarted,
  destroys: ({ job_id, mode }) =>
    mode === "stop_start"
      ? `would stop every allocation of job ${JSON.stringify(job_id)} before it starts new ones.`
      : undefined,
  run: (args, call) => restartNomadJob(call, args),
  say: sayRestarted,
});
