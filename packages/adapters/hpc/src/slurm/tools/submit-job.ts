import { z } from "zod";
import { operation } from "../../operation.ts";
import { IdempotencyKey, jobArguments } from "../arguments.ts";
import { submitRequest } from "../request.ts";
import { slurmOf } from "../site.ts";

/** Submits a job. */
export const slurmSubmitJob = operation({
  name: "slurm_submit_job",
  description:
    "Submits a command or a batch script to Slurm and answers the job's id at once. Watch it with slurm_wait_for_job, " +
    "read its output with slurm_job_logs.",
  toolset: "slurm",
  effect: "write",
  input: z.strictObject({ ...jobArguments, idempotency_key: IdempotencyKey }),
  output: z.object({ job_id: z.string(), command_line: z.string() }),
  async run(args, call) {
    const { siteJobId, spec } = await submitRequest(call, slurmOf(call), args);
    return { job_id: siteJobId, command_line: spec };
  },
  say: ({ job_id, command_line }) => `Submitted as job ${job_id}: ${command_line}`,
});
