import { z } from "zod";
import { findTask } from "./_ids.ts";
import type { ContentRow, TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import type { Statements } from "./_statements.ts";
import { isRare } from "./_statements.ts";
import type { Unit } from "./_unit.ts";
import { viewTask } from "./_views.ts";
import type { Task } from "./schema.ts";
import { TaskState, isLeased } from "./states.ts";

/** Which tasks to list, in the order they were submitted. */
export const TaskQuery = z.strictObject({
  states: z.array(TaskState).min(1).optional(),
  queue: z.string().optional(),
  kind: z.string().optional(),
  /** The `next` of the page before. */
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(100),
});
export type TaskQuery = z.infer<typeof TaskQuery>;

/** One page of tasks. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Pass as `after` for the next page; absent on the last. */
  readonly next?: number | undefined;
}

interface Sources {
  readonly sql: Sql;
  readonly statements: Statements;
  readonly unit: Unit;
}

const view = ({ contentBySeq }: Statements, row: TaskRow): Task => {
  const content: ContentRow | undefined = contentBySeq.get(row.seq);
  return viewTask(row, content);
};

/** One task by its id. */
export function readTask(statements: Statements, id: string): Task | undefined {
  const row = findTask(statements, id);
  return row && view(statements, row);
}

/** Above this, tasks of a state are common enough to be met by reading on. */
const commonTasks = 100_000;

/** Where the numbers of the tasks of a state are found without reading all tasks; literals, for partial indexes. */
function sourceOf(state: TaskState): string {
  if (isLeased(state)) return `SELECT seq FROM tasks WHERE alarmAt IS NOT NULL AND state = '${state}'`;
  const of = `SELECT seq FROM tasks WHERE state = '${state}'`;
  return state === "pending" ? `${of} AND parked = 0 UNION ALL ${of} AND parked = 1` : `${of} AND ${isRare}`;
}

/** A page of tasks in the order they were submitted. */
export function listTasks({ sql, statements, unit }: Sources, query: TaskQuery): TaskPage {
  const { states, queue = null, kind = null, after, limit } = query;
  const known = [...unit.counts().keys()];
  const total = (state: TaskState): number => known.reduce((sum, name) => sum + unit.tasksIn(name, state), 0);
  const wanted = states?.toSorted() ?? [];
  const indexed = states && wanted.every((state) => state !== "completed" && total(state) < commonTasks);
  const ofState = indexed
    ? `AND seq IN (${wanted.map(sourceOf).join(" UNION ALL ")})`
    : states
      ? `AND state IN (${wanted.map((state) => `'${state}'`).join(", ")})`
      : "";
  const rows = sql<[Readonly<Record<string, string | number | null>>], TaskRow>(
    `SELECT * FROM tasks WHERE seq > @after AND (@queue IS NULL OR queue = @queue)
       AND (@kind IS NULL OR kind = @kind) ${ofState} ORDER BY seq LIMIT @limit`,
  ).all({ after, queue, kind, limit });
  const tasks = rows.map((row) => view(statements, row));
  const last = rows.length === limit ? rows.at(-1)?.seq : undefined;
  return last === undefined ? { tasks } : { tasks, next: last };
}

/** The tasks that one depends on. */
export function readParents(
  { sql, statements }: Pick<Sources, "sql" | "statements">,
  id: string,
): readonly Task[] {
  const child = findTask(statements, id);
  if (!child) return [];
  return sql<[number], TaskRow>(
    "SELECT tasks.* FROM parents JOIN tasks ON tasks.seq = parents.parent WHERE parents.child = ? ORDER BY seq",
  )
    .all(child.seq)
    .map((row) => view(statements, row));
}
