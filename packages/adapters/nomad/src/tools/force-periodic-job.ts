import { z } from "zod";
import { Registered } from "../answers.ts";
import { JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Starts a child of a periodic job now. */
export const forcePeriodicJob = operation({
  name: "force_periodic_job",
  description: "Starts a child of a periodic Nomad job now, beside its schedule.",
  toolset: "jobs",
  route: { method: "POST", path: "/api/jobs/{job_id}/periodic" },
  effect: "write",
  input: z.strictObject({ job_id: JobId, namespace: Namespace }),
  output: z.object({ job_id: z.string(), evaluation_id: z.string() }),
  async run({ job_id, namespace }, call) {
    const { EvalID } = await call.nomad.read(Registered, {
      method: "POST",
      path: ["job", job_id, "periodic", "force"],
      namespace,
      signal: call.signal,
      doing: `start periodic job ${JSON.stringify(job_id)} now`,
      needs: "submit-job (force-periodic-job from Nomad 1.11.2)",
    });
    return { job_id, evaluation_id: EvalID };
  },
  say: ({ job_id, evaluation_id }) => `A child of ${job_id} is being started (evaluation ${evaluation_id}).`,
});
