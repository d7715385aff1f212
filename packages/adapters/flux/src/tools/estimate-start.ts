import type { FluxJob } from "@parley/engines/flux";
import { z } from "zod";
import { JobId, JobspecText } from "../arguments.ts";
import { readJobspec } from "../jobspec-text.ts";
import { operation } from "../operation.ts";
import { jobspecOf, shape } from "../submission.ts";

const Estimate = z.object({
  when: z.enum(["now", "later", "never", "unknown", "started", "over"]),
  reason: z.string(),
  start_at: z.string().optional(),
  /** What it rests on. */
  basis: z.enum(["scheduler", "feasibility", "idle-capacity", "queue", "job"]),
});

/** When a job that was submitted starts, as far as anybody knows. */
function ofJob(job: FluxJob): z.input<typeof Estimate> {
  const { jobId, state, nativeState, reason, startedAt, estimatedStartAt } = job;
  if (state === "ACTIVE") {
    return { when: "started", reason: `${jobId} runs.`, start_at: startedAt, basis: "job" };
  }
  if (state !== "QUEUED") return { when: "over", reason: `${jobId} is ${nativeState}.`, basis: "job" };
  if (estimatedStartAt === undefined) {
    return { when: "unknown", reason: reason ?? "It waits, and the scheduler names no time.", basis: "job" };
  }
  const planned = "The scheduler has planned it.";
  return { when: "later", reason: planned, start_at: estimatedStartAt, basis: "scheduler" };
}

/** Whether a job would start now, later or never; for one that waits, what its scheduler says. */
export const estimateStart = operation({
  name: "flux_estimate_start",
  description:
    "Says whether a job of some shape would start now, later or never on this instance, without submitting it; or when a waiting job is to start. Give job_id, or jobspec, or the shape.",
  toolset: "planning",
  effect: "read",
  input: z.strictObject({
    job_id: JobId.optional().describe("A job that waits, for example: f2P5pCuM"),
    jobspec: JobspecText.optional().describe(
      'A jobspec instead of the shape, for example: {"version": 1, ...}',
    ),
    uri: shape.uri,
    num_tasks: shape.num_tasks,
    cores_per_task: shape.cores_per_task,
    gpus_per_task: shape.gpus_per_task,
    num_nodes: shape.num_nodes,
    exclusive: shape.exclusive,
    duration: shape.duration,
    queue: shape.queue,
    requires: shape.requires,
  }),
  output: Estimate,
  async run({ job_id, jobspec, ...given }, call) {
    const flux = call.flux(given.uri);
    const { signal } = call;
    if (job_id === undefined) {
      const rest = { environment: {}, label_io: false, unbuffered: false };
      const wanted =
        jobspec === undefined
          ? jobspecOf({ ...given, ...rest }, { command: ["true"] }, call)
          : readJobspec(jobspec);
      const { when, reason, startAt, basis } = await flux.estimate(wanted, { signal });
      return { when, reason, start_at: startAt, basis };
    }
    return ofJob(await flux.job(job_id, { signal }));
  },
  say: ({ when, reason, start_at }) =>
    `${when}: ${reason}${start_at === undefined ? "" : ` Start: ${start_at}.`}`,
});
