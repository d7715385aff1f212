import { z } from "zod";
import type { Trip } from "../port.ts";

const Count = z.number().min(0);

/** How a breaker stands, as JSON. Times are wall time in ms. */
export const SavedBreaker = z.object({
  version: z.literal(1),
  startedAt: z.number().optional(),
  begun: Count,
  costUsd: Count,
  tokens: Count,
  failures: Count,
  consecutive: Count,
  recent: z.array(z.boolean()),
  lastError: z.string().optional(),
  identical: Count,
  unmoved: Count,
  made: z.array(z.tuple([z.string(), z.string()])),
  opened: z
    .object({
      at: z.number(),
      trip: z.object({
        reason: z.enum([
          "iterations",
          "wall_time",
          "cost",
          "tokens",
          "consecutive_failures",
          "failure_ratio",
          "identical_error",
          "no_progress",
        ]),
        message: z.string(),
      }),
    })
    .optional(),
});
export type SavedBreaker = z.infer<typeof SavedBreaker>;

/** What a breaker counts. */
export interface Tally {
  startedAt: number | undefined;
  begun: number;
  costUsd: number;
  tokens: number;
  failures: number;
  consecutive: number;
  /** Whether each of the last attempts went well. */
  recent: readonly boolean[];
  lastError: string | undefined;
  identical: number;
  unmoved: number;
  /** Digest of what was last made, by task. */
  readonly made: Map<string, string>;
}

/** A breaker's memory. */
export interface Standing {
  readonly tally: Tally;
  readonly opened: { readonly trip: Trip; readonly at: number } | undefined;
}

/** Nothing has happened yet. */
export const fresh = (): Tally => ({
  startedAt: undefined,
  begun: 0,
  costUsd: 0,
  tokens: 0,
  failures: 0,
  consecutive: 0,
  recent: [],
  lastError: undefined,
  identical: 0,
  unmoved: 0,
  made: new Map(),
});

/** Tasks whose last result outlives the process. */
const mostSaved = 100;

/** A breaker's memory to write down. */
export function save({
  tally: { startedAt, lastError, made, recent, ...counts },
  opened,
}: Standing): SavedBreaker {
  return {
    version: 1,
    ...counts,
    recent: [...recent],
    made: [...made].slice(-mostSaved),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(opened === undefined ? {} : { opened }),
  };
}

/** A breaker's memory from what was written down; a clock that was set back must not keep it open for longer. */
export function restore(
  saved: SavedBreaker | undefined,
  now: number,
): { tally: Tally; opened: Standing["opened"] } {
  if (saved === undefined) return { tally: fresh(), opened: undefined };
  const { opened, startedAt, begun, costUsd, tokens, failures, consecutive, identical, unmoved } = saved;
  return {
    tally: {
      startedAt: startedAt === undefined ? undefined : Math.min(startedAt, now),
      begun,
      costUsd,
      tokens,
      failures,
      consecutive,
      identical,
      unmoved,
      recent: saved.recent,
      lastError: saved.lastError,
      made: new Map(saved.made),
    },
    opened: opened && { ...opened, at: Math.min(opened.at, now) },
  };
}
