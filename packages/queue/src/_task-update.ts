import type { Statement } from "better-sqlite3";
import type { TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";

type Value = string | number | null;

const changing = [
  "state", "rank", "readyAt", "parked", "wakeAt", "token", "worker", "leaseMs", "leaseUntil", "attemptEnd",
  "cancelEnd", "alarmAt", "attempt", "failures", "crashes", "waitingOn", "startedAt", "finishedAt",
] as const satisfies readonly (keyof TaskRow)[]; // prettier-ignore

/** Statements kept; changes of other combinations write every column. */
const mostStatements = 200;

const everyColumn = 2 ** changing.length - 1;

interface Update {
  readonly columns: readonly (typeof changing)[number][];
  readonly statement: Statement<[Value[]]>;
}

/** One bit for each column that differs. */
function differences(before: TaskRow, after: TaskRow): number {
  let bits = 0;
  for (const [index, column] of changing.entries()) if (before[column] !== after[column]) bits |= 1 << index;
  return bits;
}

/**
 * Writes what changed of a row: SQLite looks after an index only when the statement names a column of it or of its
 * condition. A transition changes the same columns each time, so that there are some dozens of statements.
 */
export function createTaskUpdate(sql: Sql): (before: TaskRow, after: TaskRow) => void {
  const updates = new Map<number, Update>();

  const prepare = (bits: number): Update => {
    const columns = changing.filter((_, index) => (bits & (1 << index)) !== 0);
    const statement = sql<[Value[]]>(
      `UPDATE tasks SET ${columns.map((column) => `${column} = ?`).join(", ")} WHERE seq = ?`,
    );
    const update = { columns, statement };
    updates.set(bits, update);
    return update;
  };

  return (before, after) => {
    const bits = differences(before, after);
    if (bits === 0) return;
    const update = updates.get(bits) ?? prepare(updates.size < mostStatements ? bits : everyColumn);
    const values: Value[] = [];
    for (const column of update.columns) values.push(after[column]);
    values.push(after.seq);
    update.statement.run(values);
  };
}
