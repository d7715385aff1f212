import { z } from "zod";
import { Registered } from "../answers.ts";
import { Confirm, JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Goes back to an earlier version of a job. */
export const revertJob = operation({
  name: "revert_job",
  description: "Goes back to an earlier version of a Nomad job, as a new version. Needs confirm: true.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/revert" },
  effect: "destroy",
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    version: z.number().int().min(0).describe("Version to go back to, from get_job_versions, for example: 2"),
    enforce_prior_version: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("The version that must be present now, for example: 3"),
    confirm: Confirm,
  }),
  output: z.object({
    job_id: z.string(),
    version: z.number(),
    evaluation_id: z.string(),
    warnings: z.string(),
  }),
  destroys: ({ job_id, version }) =>
    `would replace what runs of job ${JSON.stringify(job_id)} by its version ${String(version)}.`,
  async run({ job_id, namespace, version, enforce_prior_version }, call) {
    const { EvalID, Warnings } = await call.nomad.read(Registered, {
      method: "POST",
      path: ["job", job_id, "revert"],
      body: {
        JobID: job_id,
        JobVersion: version,
        ...(enforce_prior_version === undefined ? {} : { EnforcePriorVersion: enforce_prior_version }),
      },
      namespace,
      signal: call.signal,
      doing: `revert job ${JSON.stringify(job_id)} to version ${String(version)}`,
      needs: "submit-job (revert-job from Nomad 1.11.2)",
    });
    return { job_id, version, evaluation_id: EvalID, warnings: Warnings };
  },
  say: ({ job_id, version, warnings }) =>
    `${job_id} goes back to version ${String(version)}. ${warnings}`.trim(),
});
