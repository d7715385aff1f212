import { z } from "zod";
import type { Evaluation, PlacementMetric } from "./answers.ts";

/** One group that could not be placed, in words and in Nomad's counts. */
export const PlacementFailure = z.object({
  group: z.string(),
  explanation: z.string(),
  nodes_evaluated: z.number(),
  nodes_filtered: z.number(),
  nodes_exhausted: z.number(),
  constraints: z.record(z.string(), z.number()),
  exhausted: z.record(z.string(), z.number()),
});
export type PlacementFailure = z.infer<typeof PlacementFailure>;

/** Explains each group Nomad could not place. */
export function placementFailures(failed: Readonly<Record<string, PlacementMetric>>): PlacementFailure[] {
  return Object.entries(failed).map(([group, metric]) => ({
    group,
    explanation: explainPlacement(group, metric),
    nodes_evaluated: metric.NodesEvaluated,
    nodes_filtered: metric.NodesFiltered,
    nodes_exhausted: metric.NodesExhausted,
    constraints: metric.ConstraintFiltered,
    exhausted: metric.DimensionExhausted,
  }));
}

/** One sentence on why a group found no node. */
function explainPlacement(group: string, metric: PlacementMetric): string {
  const causes = placementCauses(metric);
  const waiting = metric.CoalescedFailures + 1;
  const subject = `Group ${JSON.stringify(group)} (${String(waiting)} waiting) found no node`;
  return causes.length === 0 ? `${subject}; Nomad gives no reason.` : `${subject}: ${causes.join("; ")}.`;
}

function placementCauses(metric: PlacementMetric): string[] {
  const causes: string[] = [];
  if (metric.NodesEvaluated === 0) {
    const available = Object.values(metric.NodesAvailable).reduce((sum, nodes) => sum + nodes, 0);
    causes.push(
      available === 0
        ? "no ready and eligible node is in the job's datacenters or node pool"
        : "no node was even considered (the datacenters of the job may not match)",
    );
  }
  for (const [constraint, nodes] of Object.entries(metric.ConstraintFiltered)) {
    causes.push(`${counted(nodes, "node")} missed the constraint ${JSON.stringify(constraint)}`);
  }
  for (const [name, nodes] of Object.entries(metric.ClassFiltered)) {
    causes.push(`${counted(nodes, "node")} of class ${JSON.stringify(name)} were filtered`);
  }
  for (const [dimension, nodes] of Object.entries(metric.DimensionExhausted)) {
    causes.push(`${counted(nodes, "node")} had too little ${dimension} free`);
  }
  if (metric.QuotaExhausted.length > 0)
    causes.push(`the quota is used up (${metric.QuotaExhausted.join(", ")})`);
  return causes;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${String(count)} ${noun}s`;
}

/**
 * Why a job waits, by its evaluations. An evaluation can be `complete` and still have placed nothing, so its
 * failures count, not its status; those of an older version of the job do not.
 */
export function pendingReasons(evaluations: readonly Evaluation[]): PlacementFailure[] {
  const newest = newestFirst(evaluations).find(
    ({ Status, TriggeredBy, FailedTGAllocs }) =>
      Status !== "canceled" &&
      // The blocked twin that an evaluation leaves behind carries no counts.
      !(Status === "blocked" && TriggeredBy === "queued-allocs" && Object.keys(FailedTGAllocs).length === 0),
  );
  return newest === undefined ? [] : placementFailures(newest.FailedTGAllocs);
}

/** Evaluations, the newest first. */
export function newestFirst(evaluations: readonly Evaluation[]): Evaluation[] {
  return evaluations.toSorted((one, other) => other.CreateIndex - one.CreateIndex);
}
