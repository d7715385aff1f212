import type { Random } from "@parley/core";
import { formatDuration } from "@parley/core";
import { defineStrategy } from "./define-strategy.ts";
import type { Ranking } from "./define-strategy.ts";
import type { EligibleEntry } from "./entry.ts";
import { orderBy, readyFirst } from "./order.ts";
import type { Strategy } from "./strategy.ts";

/** The first READY site in the order the answers stand. */
export const firstReady: Strategy = defineStrategy({
  name: "first-ready",
  description: "The first READY site in the order the answers stand.",
  rank: (entries) => ready(entries).map((entry) => ranking(entry, "it is the first that is ready")),
});

/** Any READY site, by the random stream of the context. */
export const random: Strategy = defineStrategy({
  name: "random",
  toolName: "select_random_ready",
  description: "Any READY site, drawn at random; a seed repeats the draw.",
  rank: (entries, context) => drawn(ready(entries), context.random),
});

/** Any READY or BUSY site, by the random stream of the context. */
export const runAnytime: Strategy = defineStrategy({
  name: "run-anytime",
  description: "Any READY or BUSY site, drawn at random; for jobs that can wait.",
  rank: (entries, context) => drawn(entries, context.random),
});

/** The earliest start, then the shortest queue; READY before BUSY only between equals. */
export const soonest: Strategy = defineStrategy({
  name: "soonest",
  description: "The earliest estimated start, then the shortest queue. Unknown comes last.",
  rank: (entries) =>
    orderBy(
      entries,
      ({ proposal }) => proposal.metrics.startSeconds,
      ({ proposal }) => proposal.metrics.queueDepth,
      readyFirst,
    ).map((entry) => ranking(entry, `${startInWords(entry)}, ${queueInWords(entry)}`)),
});

/** The shortest queue among READY sites, then among BUSY ones. */
export const queueDepth: Strategy = defineStrategy({
  name: "queue-depth",
  toolName: "select_dynamic_queue",
  description: "The shortest queue among READY sites, then among BUSY ones. Unknown comes last.",
  rank: (entries) =>
    orderBy(entries, readyFirst, ({ proposal }) => proposal.metrics.queueDepth).map((entry) =>
      ranking(entry, queueInWords(entry)),
    ),
});

function ready(entries: readonly EligibleEntry[]): readonly EligibleEntry[] {
  return entries.filter(({ verdict }) => verdict === "READY");
}

/** A uniform draw that depends on the ids and the stream alone. */
function drawn(entries: readonly EligibleEntry[], random: Random): readonly Ranking[] {
  const rest = [...orderBy(entries)];
  const order: Ranking[] = [];
  while (rest.length > 0) {
    const [entry] = rest.splice(Math.min(rest.length - 1, Math.floor(random() * rest.length)), 1);
    if (entry !== undefined) order.push(ranking(entry, "the draw put it here"));
  }
  return order;
}

function ranking(entry: EligibleEntry, reason: string): Ranking {
  return { workerId: entry.workerId, reason };
}

export function startInWords({ proposal }: EligibleEntry): string {
  const seconds = proposal.metrics.startSeconds;
  return seconds === null
    ? "start unknown"
    : seconds <= 0
      ? "starts now"
      : `starts in ${formatDuration(seconds)}`;
}

export function queueInWords({ proposal }: EligibleEntry): string {
  const depth = proposal.metrics.queueDepth;
  return depth === null ? "queue unknown" : `${depth} waiting`;
}
