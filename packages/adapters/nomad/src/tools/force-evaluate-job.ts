import { z } from "zod";
import { Registered } from "../answers.ts";
import { JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Makes Nomad look at a job's placement again. */
export const forceEvaluateJob = operation({
  name: "force_evaluate_job",
  description:
    "Makes Nomad evaluate a job again, to retry failed placements. Failed allocations come back only where the group " +
    "allows rescheduling.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/evaluate" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    force_reschedule: z
      .boolean()
      .default(true)
      .describe("Also replaces failed allocations at once, for example: true"),
  }),
  output: z.object({ job_id: z.string(), evaluation_id: z.string() }),
  async run({ job_id, namespace, force_reschedule }, call) {
    const { EvalID } = await call.nomad.read(Registered, {
      method: "POST",
      path: ["job", job_id, "evaluate"],
      body: { JobID: job_id, EvalOptions: { ForceReschedule: force_reschedule } },
      namespace,
      signal: call.signal,
      doing: `evaluate job ${JSON.stringify(job_id)}`,
      needs: "submit-job (evaluate-job from Nomad 1.11.2)",
    });
    return { job_id, evaluation_id: EvalID };
  },
  say: ({ job_id, evaluation_id }) => `${job_id} is being evaluated (${evaluation_id}).`,
});
