import type { JobRequirements, RankedCandidate } from "@parley/core";
import { oneLine } from "@parley/llm";
import type { EligibleEntry } from "../entry.ts";

const longestText = 160;
const mostTexts = 3;
const mostWords = 8;

const line = (text: string): string => oneLine(text, longestText);

/** What a model is told of one offer: figures, and the site's own words as quoted data. */
export function describeOffer(
  { workerId, verdict, proposal }: EligibleEntry,
  scored: RankedCandidate | undefined,
): object {
  const { idleNodes, idleCores, queueDepth, startSeconds, cost, currency } = proposal.metrics;
  return {
    id: workerId,
    verdict,
    figures: {
      idleNodes,
      idleCores,
      queueDepth,
      startSeconds,
      cost,
      currency: currency === null ? null : oneLine(currency, 12),
    },
    score: scored?.score ?? null,
    factors: Object.fromEntries(
      (scored?.contributions ?? []).map(({ factor, reading, score }) => [factor, { reading, score }]),
    ),
    siteSays: proposal.reasons.slice(0, mostTexts).map((reason) => line(reason)),
  };
}

/**
 * What a model is told of the request. The command, its directory and its environment stay out: they may hold
 * secrets, and nothing about a choice depends on them.
 */
export function describeRequest(requirements: JobRequirements): object {
  const { execution: _private, unresolved, ...shared } = requirements;
  return { ...shared, notUnderstood: unresolved.slice(0, mostWords).map((words) => line(words)) };
}
