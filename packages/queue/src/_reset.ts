import { z } from "zod";
import { endedTasks, runAgain } from "./_bulk.ts";
import type { Context } from "./_context.ts";
import { transition } from "./_context.ts";
import type { TaskRow } from "./_rows.ts";
import { FinalState } from "./states.ts";

/** Which tasks to do again, from the beginning. Without `confirm` nothing changes. */
export const ResetRequest = z.strictObject({
  queue: z.string().optional(),
  /** Tasks per call, so that one call does not hold the event loop. */
  limit: z.int().min(1).max(1000).default(1000),
  actor: z.string().max(200).default(""),
  confirm: z.boolean().default(false),
});
export type ResetRequest = z.infer<typeof ResetRequest>;

/** What a reset did, or would do. */
export interface ResetPlan {
  readonly done: boolean;
  /** Ended tasks that run again as new ones; once done, the ids of the new ones. */
  readonly again: readonly string[];
  /** Tasks in workers' hands that are taken from them. */
  readonly revoked: readonly string[];
  /** Tasks whose pause before the next attempt ends. */
  readonly hurried: readonly string[];
  /** There is more than one call may do: call again. */
  readonly more: boolean;
}

type Filter = Readonly<Record<string, string | number | null>>;

const inHands = `SELECT * FROM tasks WHERE alarmAt IS NOT NULL AND cancelEnd IS NULL
  AND (@queue IS NULL OR queue = @queue) ORDER BY seq LIMIT @limit`;
const paused = `SELECT * FROM tasks WHERE state = 'retry_wait'
  AND (@queue IS NULL OR queue = @queue) ORDER BY seq LIMIT @limit`;

const idsOf = (rows: readonly TaskRow[]): readonly string[] => rows.map(({ id }) => id);

/** Takes running tasks from their workers, ends pauses, and runs ended tasks again as new ones: all in one transaction. */
export function reset(context: Context, request: ResetRequest): ResetPlan {
  const { queue, limit, actor, confirm } = request;
  // One row more than a call may change says whether there is more.
  const filter = { queue: queue ?? null, limit: limit + 1 };
  const running = context.sql<[Filter], TaskRow>(inHands).all(filter);
  const waiting = context.sql<[Filter], TaskRow>(paused).all(filter);
  const ended = endedTasks(context, { queue, limit: limit + 1, states: [...FinalState.options] });
  const found = running.length + waiting.length + ended.length;
  const revoked = running.slice(0, limit);
  const hurried = waiting.slice(0, limit - revoked.length);
  const again = ended.slice(0, limit - revoked.length - hurried.length);
  const plan = { revoked: idsOf(revoked), hurried: idsOf(hurried), more: found > limit };
  if (!confirm) return { ...plan, done: false, again: idsOf(again) };
  for (const row of revoked) {
    transition(context, row, { name: "released", to: "pending", actor, patch: { token: null } });
  }
  for (const row of hurried) transition(context, row, { name: "due", to: "pending", actor });
  return { ...plan, done: true, again: idsOf(again.map((row) => runAgain(context, row, actor))) };
}
