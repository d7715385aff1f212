import { z } from "zod";
import { operation } from "../../operation.ts";
import { JobId } from "../arguments.ts";
import { slurmOf } from "../site.ts";

/** Releases a job. */
export const slurmReleaseJob = operation({
  name: "slurm_release_job",
  description: "Lets a held Slurm job start again.",
  toolset: "slurm-extra",
  effect: "write",
  idempotent: true,
  input: z.strictObject({ job_id: JobId }),
  output: z.object({ job_id: z.string() }),
  async run({ job_id }, call) {
    await slurmOf(call).release(job_id, { signal: call.signal });
    return { job_id };
  },
  say: ({ job_id }) => `Job ${job_id} is released.`,
});
