import { ParleyError } from "@parley/core";
import { createAgenticStrategy } from "./agentic/create-agentic.ts";
import { minCost } from "./min-cost.ts";
import { createPipeline } from "./pipeline.ts";
import { firstReady, queueDepth, random, runAnytime, soonest } from "./simple-strategies.ts";
import type { Strategy } from "./strategy.ts";
import { weighted } from "./weighted.ts";

/** Every built-in strategy, by name. `agentic` has no model here: {@link createAgenticStrategy} takes one. */
export const strategies: readonly Strategy[] = [
  createAgenticStrategy(),
  firstReady,
  minCost,
  queueDepth,
  random,
  runAnytime,
  soonest,
  weighted,
];

/** What selects when nobody says how: `weighted`, on the verdicts the gate left. */
export function defaultPipeline(): Strategy {
  return createPipeline([weighted]);
}

/**
 * Finds a strategy by its name or its tool name.
 * @throws {@link ParleyError} `E_SELECT_UNKNOWN` with the names there are
 */
export function findStrategy(name: string): Strategy {
  const wanted = plain(name);
  const found = strategies.find((item) => plain(item.name) === wanted || plain(item.toolName) === wanted);
  if (found !== undefined) return found;
  const names = strategies.map((item) => item.name);
  const near = nearest(wanted, names);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new ParleyError(
    "E_SELECT_UNKNOWN",
    `No selection strategy is called "${name.slice(0, 60)}".${hint} There are: ${names.join(", ")}.`,
    { details: { known: names, ...(near === undefined ? {} : { nearest: near }) } },
  );
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll("_", "-");
}

/** The name at most half of whose letters differ. */
function nearest(wanted: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(wanted.slice(0, 40), name) }))
    .toSorted((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= best.name.length / 2 ? best.name : undefined;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_unused, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const same = left[at - 1] === right[to - 1] ? 0 : 1;
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (row[to - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
