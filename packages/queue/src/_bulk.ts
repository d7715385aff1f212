import { z } from "zod";
import type { Context } from "./_context.ts";
import { note } from "./_context.ts";
import type { ContentRow, EventRow, TaskRow } from "./_rows.ts";
import { insertTask } from "./_submit.ts";
import { addNote } from "./_notes.ts";
import { TaskInput } from "./schema.ts";
import { FinalState } from "./states.ts";

/** Which finished tasks to run again; the failed ones unless `states` says otherwise. Without `confirm` nothing changes and the answer says what would. */
export const RedriveRequest = z.strictObject({
  queue: z.string().optional(),
  kind: z.string().optional(),
  ids: z.array(z.string()).max(1000).optional(),
  states: z.array(FinalState).min(1).default(["failed"]),
  /** Said to the first attempt of each. */
  feedback: z.string().max(4096).optional(),
  limit: z.int().min(1).max(1000).default(1000),
  actor: z.string().max(200).default(""),
  confirm: z.boolean().default(false),
});
export type RedriveRequest = z.infer<typeof RedriveRequest>;

/** Which finished tasks and old events to forget. Without `confirm` nothing changes. */
export const PruneRequest = z.strictObject({
  olderThanMs: z.int().min(0),
  /** Default: every final state. */
  states: z.array(FinalState).min(1).optional(),
  queue: z.string().optional(),
  /** Rows per call, so that one call does not hold the event loop. */
  limit: z.int().min(1).max(10_000).default(1000),
  confirm: z.boolean().default(false),
});
export type PruneRequest = z.infer<typeof PruneRequest>;

/** What a bulk command did, or would do. */
export interface BulkPlan {
  readonly tasks: number;
  readonly done: boolean;
  /** The ids concerned; of the new tasks once a redrive is done. */
  readonly ids: readonly string[];
}

type Filter = Readonly<Record<string, string | number | null>>;

const ended = `
  SELECT * FROM tasks WHERE state = @state AND finishedAt IS NOT NULL
    AND (@queue IS NULL OR queue = @queue) AND (@kind IS NULL OR kind = @kind)
    AND (@ids IS NULL OR id IN (SELECT value FROM json_each(@ids)))
    AND NOT EXISTS (SELECT 1 FROM tasks AS copy WHERE copy.redriveOf = tasks.id)
  ORDER BY seq LIMIT @limit`;

const latestCopy = "SELECT * FROM tasks WHERE redriveOf = ? ORDER BY seq DESC LIMIT 1";

/** A fresh task after one that has ended. It waits for the copies of parents that were redriven too. */
export function runAgain(context: Context, row: TaskRow, actor: string): TaskRow {
  const { sql, statements } = context;
  const parents = sql<[number], TaskRow>(
    "SELECT tasks.* FROM parents JOIN tasks ON tasks.seq = parents.parent WHERE parents.child = ? ORDER BY seq",
  ).all(row.seq);
  const content: ContentRow | undefined = statements.contentBySeq.get(row.seq);
  const { queue, kind, priority, maxAttempts, attemptTimeoutMs, onParentFailure, concurrencyKey } = row;
  const fields = { queue, kind, priority, maxAttempts, attemptTimeoutMs, onParentFailure, actor };
  const input = TaskInput.parse(concurrencyKey === null ? fields : { ...fields, concurrencyKey });
  const copy = insertTask(context, {
    input,
    payload: content?.payload ?? "null",
    parents: parents.map((parent) => sql<[string], TaskRow>(latestCopy).get(parent.id) ?? parent),
    redriveOf: row.id,
  });
  note(context, row, { type: "redriven", actor, data: { to: copy.id } });
  return copy;
}

/** Tasks that have ended and were not run again, oldest first. */
export function endedTasks(context: Context, request: Omit<RedriveRequest, "confirm" | "actor">): TaskRow[] {
  const { queue = null, kind = null, ids, limit, states } = request;
  const filter = { queue, kind, ids: ids ? JSON.stringify(ids) : null, limit };
  const read = context.sql<[Filter], TaskRow>(ended);
  const rows = states.flatMap((state) => read.all({ ...filter, state }));
  return rows.toSorted((left, right) => left.seq - right.seq).slice(0, limit);
}

/** Runs ended tasks again as new ones; the old keep their attempts and errors. Each is redriven once. */
export function redrive(context: Context, request: RedriveRequest): BulkPlan {
  const { confirm, actor, feedback } = request;
  const rows = endedTasks(context, request);
  if (!confirm) return { tasks: rows.length, done: false, ids: rows.map(({ id }) => id) };
  const copies = rows.map((row) => runAgain(context, row, actor));
  if (feedback !== undefined) {
    for (const { seq } of copies) addNote(context, seq, { kind: "feedback", value: feedback });
  }
  return { tasks: copies.length, done: true, ids: copies.map(({ id }) => id) };
}

const forgettable = `
  SELECT seq, id, queue, state FROM tasks
  WHERE finishedAt <= @before AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
    AND (@queue IS NULL OR queue = @queue) AND NOT EXISTS (
    SELECT 1 FROM parents JOIN tasks AS child ON child.seq = parents.child
    WHERE parents.parent = tasks.seq AND child.finishedAt IS NULL)
  ORDER BY finishedAt LIMIT @limit`;

/**
 * Forgets the oldest part of the log, up to the first event of the oldest task still there: what remains is a
 * chain without a gap that tells every stored task from its beginning.
 */
function pruneEvents({ sql }: Context, { before, limit }: { before: number; limit: number }): void {
  const { first } = sql<[], { first: number | null }>(
    "SELECT min(seq) AS first FROM events WHERE taskSeq = (SELECT min(seq) FROM tasks)",
  ).get() ?? { first: null };
  const last = sql<[number, number, number], EventRow>(
    "SELECT * FROM (SELECT * FROM events WHERE seq < ? ORDER BY seq LIMIT ?) WHERE at <= ? ORDER BY seq DESC LIMIT 1",
  ).get(first ?? Number.MAX_SAFE_INTEGER, limit * 4, before);
  if (!last) return;
  sql<[string]>("INSERT OR REPLACE INTO meta VALUES ('anchor', ?)").run(
    JSON.stringify({ seq: last.seq, hash: last.hash }),
  );
  sql<[number]>("DELETE FROM events WHERE seq <= ?").run(last.seq);
}

/** Deletes finished tasks that no unfinished one depends on, then events and keys of that age. */
export function prune(context: Context, request: PruneRequest): BulkPlan {
  const { sql, time, unit } = context;
  const { olderThanMs, limit, confirm, states } = request;
  const before = time.wall - olderThanMs;
  const rows = sql<[Filter], TaskRow>(forgettable).all({
    before,
    queue: request.queue ?? null,
    limit,
    states: states ? JSON.stringify(states) : null,
  });
  const ids = rows.map(({ id }) => id);
  if (!confirm) return { tasks: rows.length, done: false, ids };
  for (const row of rows) {
    for (const statement of [
      "DELETE FROM contents WHERE seq = ?",
      "DELETE FROM parents WHERE child = ?",
      "DELETE FROM parents WHERE parent = ?",
      "DELETE FROM tasks WHERE seq = ?",
    ])
      sql<[number]>(statement).run(row.seq);
    unit.count(row.queue, row.state, -1);
  }
  sql<[Filter]>(
    `DELETE FROM idempotency WHERE (actor, queue, key) IN
       (SELECT actor, queue, key FROM idempotency WHERE expiresAt <= @wall LIMIT @limit)`,
  ).run({ wall: time.wall, limit });
  sql<[number]>(
    "DELETE FROM dedup WHERE until <= ? AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.seq = dedup.seq)",
  ).run(time.wall);
  pruneEvents(context, { before, limit });
  return { tasks: rows.length, done: true, ids };
}
