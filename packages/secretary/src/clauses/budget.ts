import type { Estimates, JobRequirements } from "@parley/core";
import type { Finding } from "../clause.ts";
import type { Walltime } from "../walltime.ts";
import type { JobSize } from "./rules.ts";

type Budget = NonNullable<JobRequirements["budget"]>;

/** What a job uses, as a budget counts it. */
export interface Spending {
  readonly job: Required<JobSize>;
  readonly walltime: Walltime;
  readonly cost: Estimates["cost"];
}

/**
 * Compares the most a job can cost or use with its budget. Above the budget, or without a price to compute it from,
 * the answer is `restricted`: the request or the operator can settle it.
 */
export function budgetFindings(budget: Budget | undefined, spending: Spending): readonly Finding[] {
  if (budget === undefined) return [];
  const most = `${budget.amount} ${budget.unit}${budget.per === "job" ? "" : ` per ${budget.per}`}`;
  const finding = { path: "budget", need: `at most ${most}` };
  if (!budget.unit.endsWith("-hours") && spending.cost === undefined) {
    const have = "this site publishes no prices, so its cost is not known";
    return [{ ...finding, have, outcome: "restricted" }];
  }
  if (!budget.unit.endsWith("-hours") && spending.cost?.currency !== budget.unit) {
    const have = `this site's prices are in ${spending.cost?.currency ?? ""}`;
    return [{ ...finding, have, outcome: "restricted" }];
  }
  const used = usedOf(budget, spending);
  const hint = spending.walltime.basis === "stated" ? "" : "; state a walltime to bound it closer";
  const basis = spending.cost === undefined ? "" : ` (${spending.cost.basis})`;
  const have = `takes at most ${Number(used.toFixed(2))} ${budget.unit}${basis}`;
  const over = used > budget.amount;
  return [{ ...finding, have: over ? `${have}${hint}` : have, outcome: over ? "restricted" : "met" }];
}

function usedOf(budget: Budget, { job, walltime, cost }: Spending): number {
  const hours = walltime.seconds / 3600;
  const units = { "node-hours": job.nodes, "core-hours": job.cores ?? 0, "gpu-hours": job.gpus ?? 0 };
  const total =
    budget.unit === "node-hours" || budget.unit === "core-hours" || budget.unit === "gpu-hours"
      ? units[budget.unit] * hours
      : (cost?.amount ?? 0);
  if (budget.per === "hour") return total / hours;
  return budget.per === "node-hour" ? total / hours / job.nodes : total;
}
