import { z } from "zod";
import { operation } from "../../operation.ts";
import { jobArguments } from "../arguments.ts";
import { estimateRequest } from "../request.ts";
import { slurmOf } from "../site.ts";

/** Says when a job would start. */
export const slurmEstimateStart = operation({
  name: "slurm_estimate_start",
  description:
    "Says when Slurm would start a job, or why it would refuse it, without submitting anything (sbatch --test-only).",
  toolset: "slurm",
  effect: "read",
  input: z.strictObject(jobArguments),
  output: z.object({
    /** Absent where Slurm gives no time. */
    start_at: z.string().optional(),
    in_seconds: z.number().optional(),
  }),
  async run(args, call) {
    const { startAt } = (await estimateRequest(call, slurmOf(call), args)) ?? {};
    if (startAt === undefined) return {};
    const seconds = Math.max(0, Math.round((Date.parse(startAt) - call.now()) / 1000));
    return { start_at: startAt, in_seconds: seconds };
  },
  say: ({ start_at, in_seconds }) =>
    start_at === undefined
      ? "Slurm would take the job and gives no time."
      : `Slurm would start it at ${start_at}, in ${String(in_seconds ?? 0)} s.`,
});
