import { z } from "zod";
import { Confirm, JobId, Line, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Cancels a job, waiting or running. One that has ended is left as it is. */
export const cancelJob = operation({
  name: "flux_cancel_job",
  description:
    "Cancels a Flux job, waiting or running. What it had not saved is lost, so it needs confirm: true.",
  toolset: "jobs",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    reason: Line.optional().describe("Note for the job's event log, for example: wrong input file"),
    confirm: Confirm,
  }),
  output: z.object({
    success: z.literal(true),
    job_id: z.string(),
    message: z.string(),
    /** Whether it had ended before. */
    was_over: z.boolean(),
  }),
  destroys: ({ job_id }) => `would cancel job ${job_id}; what it has not saved is lost.`,
  async run({ job_id, uri, reason }, call) {
    const asked = await call.flux(uri).cancel(job_id, { message: reason, signal: call.signal });
    return {
      success: true as const,
      job_id,
      message: asked ? `Job ${job_id} cancellation requested.` : `Job ${job_id} had ended already.`,
      was_over: !asked,
    };
  },
  say: ({ message }) => message,
});
