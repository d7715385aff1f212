import { factorTable, readFactors, scoreReading } from "@parley/core";
import type { Contribution, Factor } from "@parley/core";
import { costIn, referenceCurrency } from "./currency.ts";
import { defineStrategy } from "./define-strategy.ts";
import type { Ranking } from "./define-strategy.ts";
import type { EligibleEntry } from "./entry.ts";
import { orderBy } from "./order.ts";
import type { SelectContext, Strategy } from "./strategy.ts";
import { checkWeights, deriveWeights } from "./weights.ts";

/** How much better a BUSY site must score to outrank a READY one. */
const readyHeadStart = 0.25;
/** What being preferred by name is worth. */
const preferredHeadStart = 0.1;

/**
 * The highest weighted sum of factor scores. Readings come from the facts, never from the scores a site gives
 * itself; a missing reading scores pessimistically. READY sites have a head start of 0.25 over BUSY ones and sites
 * the request prefers one of 0.1; the stated score is without them.
 */
export const weighted: Strategy = defineStrategy({
  name: "weighted",
  description: "The best weighted score over network, compute, gpu, storage, software, wait and cost.",
  rank: (entries, context) => {
    const weights =
      context.weights === undefined ? deriveWeights(context.requirements) : checkWeights(context.weights);
    const currency = referenceCurrency(context.requirements, entries);
    const preferred = new Set(context.requirements.placement?.prefer?.map((id) => id.toLowerCase()) ?? []);
    const scored = entries.map((entry) => {
      const contributions = contributionsOf(entry, { context, weights, currency });
      const score = Math.min(
        1,
        contributions.reduce((total, item) => total + item.contribution, 0),
      );
      const liked = preferred.has(entry.workerId.toLowerCase());
      const start = (entry.verdict === "READY" ? readyHeadStart : 0) + (liked ? preferredHeadStart : 0);
      return { entry, score, contributions, standing: score + start };
    });
    const byId = new Map(scored.map((item) => [item.entry.workerId, item]));
    return orderBy(entries, ({ workerId }) => -(byId.get(workerId)?.standing ?? 0)).map(({ workerId }) => {
      const { score = 0, contributions = [] } = byId.get(workerId) ?? {};
      return { workerId, score, contributions, reason: reasonOf(score, contributions) } satisfies Ranking;
    });
  },
});

interface Scales {
  readonly context: SelectContext;
  readonly weights: ReturnType<typeof deriveWeights>;
  readonly currency: string | null;
}

function contributionsOf(entry: EligibleEntry, scales: Scales): readonly Contribution[] {
  const { facts, metrics } = entry.proposal;
  const cost = costIn(entry, scales.currency);
  const readings = readFactors(scales.context.requirements, facts, { ...metrics, cost });
  return (scales.context.factors ?? factorTable).map((factor) =>
    contribution(factor, readings[factor.name], scales.weights[factor.name]),
  );
}

function contribution(factor: Factor, reading: number | null, weight: number): Contribution {
  const score = scoreReading(factor, reading);
  return { factor: factor.name, reading, score, weight, contribution: weight * score };
}

function reasonOf(score: number, contributions: readonly Contribution[]): string {
  const best = contributions
    .toSorted((left, right) => right.contribution - left.contribution)
    .slice(0, 3)
    .map((item) => `${item.factor} ${item.contribution.toFixed(2)}`);
  return `score ${score.toFixed(2)} (${best.join(", ")})`;
}
