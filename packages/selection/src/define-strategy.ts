import type { Contribution, RankedCandidate, Selection } from "@parley/core";
import { isEligible, readEntries } from "./entry.ts";
import type { EligibleEntry, Entry } from "./entry.ts";
import { compareIds } from "./order.ts";
import type { SelectContext, Strategy } from "./strategy.ts";

/** One candidate in the order a strategy prefers, with its reason. */
export interface Ranking {
  readonly workerId: string;
  /** One clause: `12 jobs waiting`. */
  readonly reason: string;
  /** 0..1 where the strategy scores. */
  readonly score?: number | undefined;
  readonly contributions?: readonly Contribution[] | undefined;
}

export interface StrategyDefinition {
  /** Lower-case words joined by `-`. */
  readonly name: string;
  /** Default `select_` and the name with `_`. */
  readonly toolName?: string | undefined;
  readonly description: string;
  /**
   * Orders the eligible entries, best first. An entry left out is passed over. Whatever it throws, or a name it
   * invents, makes a REJECTED selection.
   */
  rank(
    entries: readonly EligibleEntry[],
    context: SelectContext,
  ): readonly Ranking[] | Promise<readonly Ranking[]>;
}

/** Makes a strategy of a way to order: entries that may not be chosen never reach it. */
export function defineStrategy(definition: StrategyDefinition): Strategy {
  const { name, description } = definition;
  return {
    name,
    toolName: definition.toolName ?? `select_${name.replaceAll("-", "_")}`,
    description,
    async select(candidates, context) {
      const entries = readEntries(candidates);
      const eligible = entries.filter(isEligible);
      if (eligible.length === 0) return rejected(name, entries, nobody(entries));
      try {
        const rankings = await definition.rank(eligible, context);
        return selection(name, entries, known(rankings, eligible));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return rejected(name, entries, `The strategy failed: ${reason}`);
      }
    },
  };
}

function nobody(entries: readonly Entry[]): string {
  if (entries.length === 0) return "There are no proposals.";
  const byId = entries.toSorted((left, right) => compareIds(left.workerId, right.workerId));
  const shown = byId.slice(0, 5).map(({ workerId, reason }) => `${workerId}: ${reason}`);
  return `No site can take the job. ${shown.join("; ")}.`;
}

/** Rankings of eligible workers, each once. A name nobody proposed under is a fault. */
function known(rankings: readonly Ranking[], eligible: readonly EligibleEntry[]): readonly Ranking[] {
  const ids = new Set(eligible.map(({ workerId }) => workerId));
  const stranger = rankings.find(({ workerId }) => !ids.has(workerId));
  if (stranger !== undefined) throw new Error(`"${stranger.workerId.slice(0, 80)}" is no eligible candidate`);
  return [
    ...new Map(rankings.toReversed().map((ranking) => [ranking.workerId, ranking])).values(),
  ].toReversed();
}

function selection(name: string, entries: readonly Entry[], rankings: readonly Ranking[]): Selection {
  const [best] = rankings;
  if (best === undefined) return rejected(name, entries, `Strategy ${name} passes over every candidate.`);
  const byId = new Map(entries.map((entry) => [entry.workerId, entry]));
  const verdict = byId.get(best.workerId)?.verdict ?? "UNKNOWN";
  return {
    worker_id: best.workerId,
    status: "SELECTED",
    reasoning: `${best.workerId} is ${verdict} and comes first by ${name}: ${best.reason}.`,
    ranked: [...rankings.map((ranking) => ranked(ranking, byId)), ...passedOver(name, entries, rankings)],
    metadata: { algorithm: name, tried: [name] },
  };
}

function ranked(ranking: Ranking, byId: ReadonlyMap<string, Entry>): RankedCandidate {
  return {
    workerId: ranking.workerId,
    verdict: byId.get(ranking.workerId)?.verdict ?? "UNKNOWN",
    eligible: true,
    ...(ranking.score === undefined ? {} : { score: ranking.score }),
    contributions: [...(ranking.contributions ?? [])],
    reason: ranking.reason,
  };
}

/** Everyone else, by id: those a strategy left out and those that could never be chosen. */
function passedOver(
  name: string,
  entries: readonly Entry[],
  rankings: readonly Ranking[],
): readonly RankedCandidate[] {
  const chosen = new Set(rankings.map(({ workerId }) => workerId));
  return entries
    .filter(({ workerId }) => !chosen.has(workerId))
    .map(({ workerId, verdict, eligible, reason }) => ({
      workerId,
      verdict,
      eligible: false,
      contributions: [],
      reason: eligible ? `${verdict}, passed over by ${name}` : reason,
    }))
    .toSorted((left, right) => compareIds(left.workerId, right.workerId));
}

function rejected(name: string, entries: readonly Entry[], reasoning: string): Selection {
  return {
    worker_id: null,
    status: "REJECTED",
    reasoning,
    ranked: [...passedOver(name, entries, [])],
    metadata: { tried: [name] },
  };
}
