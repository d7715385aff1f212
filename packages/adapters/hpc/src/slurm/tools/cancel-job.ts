import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { JobId } from "../arguments.ts";
import { slurmOf } from "../site.ts";

/** Cancels a job. */
export const slurmCancelJob = operation({
  name: "slurm_cancel_job",
  description:
    "Cancels a Slurm job, or one task of an array; needs confirm: true. One that has ended already is no error.",
  toolset: "slurm",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({ job_id: JobId, confirm: Confirm }),
  output: z.object({ job_id: z.string(), requested: z.literal(true) }),
  destroys: ({ job_id }) => `would cancel job ${job_id}; what it has not written is lost.`,
  async run({ job_id }, call) {
    await slurmOf(call).cancel(job_id, { signal: call.signal });
    return { job_id, requested: true as const };
  },
  say: ({ job_id }) => `Slurm was asked to cancel job ${job_id}.`,
});
