import type { Statement } from "better-sqlite3";
import { createChanges } from "./_changes.ts";
import type { Heads } from "./_heads.ts";
import { createHeads } from "./_heads.ts";
import type { Inserts } from "./_inserts.ts";
import { prepareInserts } from "./_inserts.ts";
import { createLeased } from "./_leased.ts";
import { prepareReadHeads } from "./_read-heads.ts";
import type { ContentRow, TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import type { TaskTuple } from "./_task-tuple.ts";
import { taskColumns, toTaskRow } from "./_task-tuple.ts";
import { createTaskUpdate } from "./_task-update.ts";

/**
 * States that few tasks are in at a time share one index, so that the common ones pay for one condition only.
 * SQLite uses a partial index where a query repeats its condition word for word. A list behind NOT IN would be built
 * anew as a table by every write.
 */
export const isRare = "state <> 'pending' AND state <> 'running' AND state <> 'completed'";

/** Finds numbers of tasks, or counts them. */
interface Finder<Parameters extends unknown[]> {
  get(...parameters: Parameters): number | undefined;
  all(...parameters: Parameters): readonly number[];
}

/** Every statement of the hot paths, prepared once. */
export interface Statements extends Inserts {
  /** Changes a row, which is written with others; every change of a stored task goes through it. */
  readonly updateTask: (before: TaskRow, after: TaskRow) => void;
  readonly taskBySeq: { get(seq: number): TaskRow | undefined };
  readonly contentBySeq: { get(seq: number): ContentRow | undefined };
  readonly setContent: Readonly<
    Record<"payload" | "result" | "error" | "progress" | "notes", (text: string, seq: number) => void>
  >;
  /** The first tasks of a queue, best rank first. */
  readonly heads: Heads["first"];
  readonly addCount: Statement<[string, string, number]>;
  readonly insertParent: (child: number, parent: number) => void;
  readonly childrenOf: (parent: number) => readonly number[];
  readonly isPaused: (queue: string) => boolean;
  readonly runningOfKey: Finder<[string]>;
  readonly bestParked: Finder<[string]>;
  readonly dueScheduled: Finder<[number, number]>;
  readonly dueRetries: Finder<[number, number]>;
  readonly alarms: Finder<[number, number]>;
  readonly pastDeadline: Finder<[number, number]>;
  /** Writes the tasks that were changed. */
  readonly flush: () => void;
  /** What is kept in memory of the file is read again: what was written was undone, or written around these. */
  readonly forget: () => void;
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

type Pluck = <Parameters extends unknown[]>(text: string) => Statement<Parameters, number>;

/** Statements that find tasks by what they wait for, in the table as it shall be. */
const prepareFinders = (
  find: <Parameters extends unknown[]>(text: string) => Finder<Parameters>,
): Pick<Statements, FinderName> => ({
  runningOfKey: find(
    "SELECT count(*) AS running FROM tasks WHERE alarmAt IS NOT NULL AND concurrencyKey = ?",
  ),
  bestParked: find(
    "SELECT seq FROM tasks WHERE parked = 1 AND concurrencyKey = ? ORDER BY rank, seq LIMIT 1",
  ),
  dueScheduled: find(
    `SELECT seq FROM tasks WHERE state = 'scheduled' AND ${isRare} AND wakeAt <= ? ORDER BY wakeAt, seq LIMIT ?+0`,
  ),
  dueRetries: find(
    `SELECT seq FROM tasks WHERE state = 'retry_wait' AND ${isRare} AND wakeAt <= ? ORDER BY wakeAt, seq LIMIT ?+0`,
  ),
  alarms: find("SELECT seq FROM tasks WHERE alarmAt <= ? ORDER BY alarmAt, seq LIMIT ?+0"),
  pastDeadline: find(
    "SELECT seq FROM tasks WHERE deadlineAt <= ? AND finishedAt IS NULL ORDER BY deadlineAt, seq LIMIT ?+0",
  ),
});

type FinderName = "runningOfKey" | "bestParked" | "dueScheduled" | "dueRetries" | "alarms" | "pastDeadline";

/** Dependencies; where there never were any, nobody is asked for them. */
function prepareFamily(sql: Sql, pluck: Pluck): Pick<Statements, "insertParent" | "childrenOf"> {
  const insert = sql<[number, number]>("INSERT OR IGNORE INTO parents (child, parent) VALUES (?, ?)");
  const children = pluck<[number]>("SELECT child FROM parents WHERE parent = ? ORDER BY child");
  let any = pluck<[]>("SELECT EXISTS (SELECT 1 FROM parents)").get() === 1;
  return {
    insertParent(child, parent) {
      any = true;
      insert.run(child, parent);
    },
    childrenOf: (parent) => (any ? children.all(parent) : []),
  };
}

/** Which queues are paused, asked for once. */
function preparePauses(pluck: (text: string) => { all(): readonly string[] }) {
  const read = pluck("SELECT queue FROM pauses");
  let paused: ReadonlySet<string> | undefined;
  return {
    isPaused: (queue: string): boolean => (paused ??= new Set(read.all())).has(queue),
    forget: (): void => {
      paused = undefined;
    },
  };
}

function prepareContents(sql: Sql, heads: Heads): Statements["setContent"] {
  const content = (column: string): Statement<[string, number]> =>
    sql(`UPDATE contents SET ${column} = ? WHERE seq = ?`);
  const ahead = (column: string): Statements["setContent"]["notes"] => {
    const statement = content(column);
    return (text, seq) => {
      heads.touched(seq);
      statement.run(text, seq);
    };
  };
  const plainly = (column: string): Statements["setContent"]["notes"] => {
    const statement = content(column);
    return (text, seq) => void statement.run(text, seq);
  };
  return {
    payload: ahead("payload"),
    notes: ahead("notes"),
    result: plainly("result"),
    error: plainly("error"),
    progress: plainly("progress"),
  };
}

/** What is kept in memory of tasks, and the writes that it is told of. */
function prepareTasks(sql: Sql, { insertTasks }: Inserts) {
  const changes = createChanges(createTaskUpdate(sql));
  const read = prepareReadHeads(sql);
  const heads = createHeads((queue, limit) => {
    changes.flush();
    return read(queue, limit);
  });
  const leased = createLeased();
  const stored = mapped(
    sql<[number], TaskTuple>(`SELECT ${taskColumns.join(", ")} FROM tasks WHERE seq = ?`),
    toTaskRow,
  );
  return {
    changes,
    heads,
    leased,
    taskBySeq: {
      get: (seq: number): TaskRow | undefined => changes.get(seq) ?? leased.get(seq) ?? stored.get(seq),
    },
    insertTasks(rows: readonly TaskRow[]): void {
      insertTasks(rows);
      heads.added(rows);
    },
    updateTask(before: TaskRow, after: TaskRow): void {
      changes.add({ before, after });
      heads.changed(before, after);
      leased.changed(after);
    },
  };
}

/**
 * Prepares the statements of an open queue. A bare parameter behind LIMIT is looked at by the planner, which prepares
 * the statement anew for every other value; an expression is not.
 */
export function prepareStatements(sql: Sql): Statements {
  const pluck: Pluck = <Parameters extends unknown[]>(text: string): Statement<Parameters, number> =>
    sql<Parameters, number>(text).pluck();
  const inserts = prepareInserts(sql);
  const { changes, heads, leased, ...tasks } = prepareTasks(sql, inserts);
  const { flush } = changes;
  const fresh = <Parameters extends unknown[]>(text: string): Finder<Parameters> => {
    const statement = pluck<Parameters>(text);
    return {
      get(...parameters) {
        flush();
        return statement.get(...parameters);
      },
      all(...parameters) {
        flush();
        return statement.all(...parameters);
      },
    };
  };
  const { isPaused, forget } = preparePauses((text) => sql<[], string>(text).pluck());
  return {
    ...inserts,
    ...tasks,
    ...prepareFinders(fresh),
    ...prepareFamily(sql, pluck),
    isPaused,
    contentBySeq: mapped(
      sql<[number], ContentTuple>(
        "SELECT seq, payload, result, error, progress, notes FROM contents WHERE seq = ?",
      ),
      toContentRow,
    ),
    setContent: prepareContents(sql, heads),
    heads: heads.first,
    addCount: sql(
      `INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
    ),
    flush,
    forget() {
      changes.clear();
      heads.clear();
      leased.clear();
      forget();
    },
  };
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
