import type { Statement } from "better-sqlite3";
import type { Inserts } from "./_inserts.ts";
import { prepareInserts } from "./_inserts.ts";
import type { ContentRow, TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import type { TaskTuple } from "./_task-tuple.ts";
import { taskColumns, toTaskRow } from "./_task-tuple.ts";

type Value = string | number | null;

const changing = [
  "state", "rank", "readyAt", "parked", "wakeAt", "token", "worker", "leaseMs", "leaseUntil", "attemptEnd",
  "cancelEnd", "alarmAt", "attempt", "failures", "crashes", "waitingOn", "startedAt", "finishedAt",
] as const satisfies readonly (keyof TaskRow)[]; // prettier-ignore

/**
 * States that few tasks are in at a time share one index, so that the common ones pay for one condition only.
 * SQLite uses a partial index where a query repeats its condition word for word. A list behind NOT IN would be built
 * anew as a table by every write.
 */
export const isRare = "state <> 'pending' AND state <> 'running' AND state <> 'completed'";

/** Every statement of the hot paths, prepared once. */
export interface Statements extends Inserts {
  readonly updateTask: Statement<Value[]>;
  readonly taskBySeq: { get(seq: number): TaskRow | undefined };
  readonly contentBySeq: { get(seq: number): ContentRow | undefined };
  readonly setContent: Readonly<
    Record<"payload" | "result" | "error" | "progress" | "notes", Statement<[string, number]>>
  >;
  readonly heads: Statement<[string, number], [seq: number, rank: number]>;
  readonly addCount: Statement<[string, string, number]>;
  readonly insertParent: Statement<[number, number]>;
  readonly childrenOf: Statement<[number], number>;
  readonly runningOfKey: Statement<[string], number>;
  readonly bestParked: Statement<[string], number>;
  readonly dueScheduled: Statement<[number, number], number>;
  readonly dueRetries: Statement<[number, number], number>;
  readonly alarms: Statement<[number, number], number>;
  readonly pastDeadline: Statement<[number, number], number>;
}

type ContentTuple = [ContentRow["seq"], string, ...(string | null)[]];

function toContentRow([
  seq,
  payload,
  result = null,
  error = null,
  progress = null,
  notes = null,
]: ContentTuple): ContentRow {
  return { seq, payload, result, error, progress, notes };
}

function mapped<Tuple, Row>(
  statement: Statement<[number], Tuple>,
  map: (tuple: Tuple) => Row,
): { get(seq: number): Row | undefined } {
  const raw = statement.raw();
  return {
    get(seq) {
      const tuple = raw.get(seq);
      return tuple === undefined ? undefined : map(tuple);
    },
  };
}

/**
 * Prepares the statements of an open queue. A bare parameter behind LIMIT is looked at by the planner, which prepares
 * the statement anew for every other value; an expression is not.
 */
export function prepareStatements(sql: Sql): Statements {
  const content = (column: string): Statement<[string, number]> =>
    sql(`UPDATE contents SET ${column} = ? WHERE seq = ?`);
  const pluck = <Parameters extends unknown[]>(text: string): Statement<Parameters, number> =>
    sql<Parameters, number>(text).pluck();
  return {
    ...prepareInserts(sql),
    updateTask: sql(`UPDATE tasks SET ${changing.map((column) => `${column} = ?`).join(", ")} WHERE seq = ?`),
    taskBySeq: mapped(
      sql<[number], TaskTuple>(`SELECT ${taskColumns.join(", ")} FROM tasks WHERE seq = ?`),
      toTaskRow,
    ),
    contentBySeq: mapped(
      sql<[number], ContentTuple>(
        "SELECT seq, payload, result, error, progress, notes FROM contents WHERE seq = ?",
      ),
      toContentRow,
    ),
    setContent: {
      payload: content("payload"),
      result: content("result"),
      error: content("error"),
      progress: content("progress"),
      notes: content("notes"),
    },
    heads: sql<[string, number], [seq: number, rank: number]>(
      "SELECT seq, rank FROM tasks WHERE state = 'pending' AND parked = 0 AND queue = ? ORDER BY rank, seq LIMIT ?+0",
    ).raw(),
    addCount: sql(
      `INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
    ),
    insertParent: sql("INSERT OR IGNORE INTO parents (child, parent) VALUES (?, ?)"),
    childrenOf: pluck("SELECT child FROM parents WHERE parent = ? ORDER BY child"),
    runningOfKey: pluck(
      "SELECT count(*) AS running FROM tasks WHERE alarmAt IS NOT NULL AND concurrencyKey = ?",
    ),
    bestParked: pluck(
      "SELECT seq FROM tasks WHERE parked = 1 AND concurrencyKey = ? ORDER BY rank, seq LIMIT 1",
    ),
    dueScheduled: pluck(
      `SELECT seq FROM tasks WHERE state = 'scheduled' AND ${isRare} AND wakeAt <= ? ORDER BY wakeAt, seq LIMIT ?+0`,
    ),
    dueRetries: pluck(
      `SELECT seq FROM tasks WHERE state = 'retry_wait' AND ${isRare} AND wakeAt <= ? ORDER BY wakeAt, seq LIMIT ?+0`,
    ),
    alarms: pluck("SELECT seq FROM tasks WHERE alarmAt <= ? ORDER BY alarmAt, seq LIMIT ?+0"),
    pastDeadline: pluck(
      "SELECT seq FROM tasks WHERE deadlineAt <= ? AND finishedAt IS NULL ORDER BY deadlineAt, seq LIMIT ?+0",
    ),
  };
}

/** Writes a row's changing columns. Positions bind faster than names. */
export function updateTask(statements: Statements, row: TaskRow): void {
  statements.updateTask.run(...changing.map((column) => row[column]), row.seq);
}

/** The tasks of a list of numbers, read one by one as they are needed. */
export function* tasksOf(
  { taskBySeq }: Statements,
  seqs: readonly number[],
): Generator<TaskRow, void, undefined> {
  for (const seq of seqs) {
    const row = taskBySeq.get(seq);
    if (row) yield row;
  }
}
