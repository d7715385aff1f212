import { z } from "zod";
import { readEvaluations } from "../allocations.ts";
import { JobId, Namespace } from "../arguments.ts";
import { readJob } from "../jobs.ts";
import { operation } from "../operation.ts";
import { PlacementFailure, newestFirst, pendingReasons, placementFailures } from "../placement.ts";
import { nanosecondTime } from "../times.ts";

const EvaluationView = z.object({
  evaluation_id: z.string(),
  status: z.string(),
  description: z.string(),
  triggered_by: z.string(),
  created_at: z.string().optional(),
  blocked_evaluation: z.string().optional(),
  failures: z.array(PlacementFailure),
});

const most = 20;

/** A job's evaluations, newest first, and why it waits. */
export const getJobEvaluations = operation({
  name: "get_job_evaluations",
  description: "Says why a Nomad job waits or could not be placed, from its newest 20 evaluations.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/evaluations" },
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    namespace: Namespace,
    failed_only: z
      .boolean()
      .default(false)
      .describe("Keeps those that could not place everything, for example: true"),
  }),
  output: z.object({
    evaluations: z.array(EvaluationView),
    left_out: z.number(),
    /** By the newest evaluation that counts; empty when nothing waits. */
    waiting_because: z.array(PlacementFailure),
  }),
  async run(args, call) {
    // Nomad answers an empty list for a job there is not.
    const [found] = await Promise.all([
      readEvaluations(call, args.job_id, args.namespace),
      readJob(call, args),
    ]);
    const failing = newestFirst(found).filter(
      ({ FailedTGAllocs, Status }) =>
        !args.failed_only ||
        Status === "blocked" ||
        Status === "failed" ||
        Object.keys(FailedTGAllocs).length > 0,
    );
    return {
      evaluations: failing.slice(0, most).map((evaluation) => {
        const createdAt = nanosecondTime(evaluation.CreateTime);
        return {
          evaluation_id: evaluation.ID,
          status: evaluation.Status,
          description: evaluation.StatusDescription,
          triggered_by: evaluation.TriggeredBy,
          ...(createdAt === undefined ? {} : { created_at: createdAt }),
          ...(evaluation.BlockedEval === "" ? {} : { blocked_evaluation: evaluation.BlockedEval }),
          failures: placementFailures(evaluation.FailedTGAllocs),
        };
      }),
      left_out: Math.max(0, failing.length - most),
      waiting_because: pendingReasons(found),
    };
  },
  say: ({ evaluations, waiting_because }) =>
    [
      ...(waiting_because.length === 0
        ? ["Nothing waits to be placed."]
        : waiting_because.map(({ explanation }) => explanation)),
      ...evaluations.map(
        ({ evaluation_id, status, triggered_by }) =>
          `${evaluation_id.slice(0, 8)} ${status} (${triggered_by})`,
      ),
    ].join("\n"),
});
