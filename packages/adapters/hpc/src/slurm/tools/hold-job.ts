import { z } from "zod";
import { operation } from "../../operation.ts";
import { JobId } from "../arguments.ts";
import { slurmOf } from "../site.ts";

/** Holds a job. */
export const slurmHoldJob = operation({
  name: "slurm_hold_job",
  description: "Keeps a waiting Slurm job from starting until it is released.",
  toolset: "slurm-extra",
  effect: "write",
  idempotent: true,
  input: z.strictObject({ job_id: JobId }),
  output: z.object({ job_id: z.string() }),
  async run({ job_id }, call) {
    await slurmOf(call).hold(job_id, { signal: call.signal });
    return { job_id };
  },
  say: ({ job_id }) => `Job ${job_id} is held.`,
});
