import type { Statement } from "better-sqlite3";
import type { ContentRow, EventRow, TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";

type Value = string | number | null;

/** What a new row says; columns of later life keep their defaults. */
const ofTask = [
  "seq", "id", "queue", "kind", "state", "priority", "rank", "readyAt", "wakeAt", "maxAttempts", "attemptTimeoutMs",
  "deadlineAt", "waitingOn", "onParentFailure", "concurrencyKey", "actor", "redriveOf", "createdAt",
] as const satisfies readonly (keyof TaskRow)[]; // prettier-ignore

const ofContent = ["seq", "payload", "notes"] as const satisfies readonly (keyof ContentRow)[];

const ofEvent = [
  "seq", "at", "type", "queue", "taskSeq", "taskId", "fromState", "toState", "attempt", "actor", "data", "hash",
] as const satisfies readonly (keyof EventRow)[]; // prettier-ignore

/** A statement opens a cursor on every index of its table: rows that share one cost a third less. */
export const rowsPerInsert = 16;

const some = 4;

/** Appends to the three tables that every submission writes. */
export interface Inserts {
  readonly insertTasks: (rows: readonly TaskRow[]) => void;
  readonly insertContents: (rows: readonly Pick<ContentRow, (typeof ofContent)[number]>[]) => void;
  readonly insertEvents: (rows: readonly EventRow[]) => void;
}

interface Table<Column extends string> {
  readonly table: string;
  readonly columns: readonly Column[];
}

/** Positions bind faster than names. A broken constraint is a fault of ours and ends the transaction: nothing is copied to undo it. */
function appendTo<Column extends string>(
  sql: Sql,
  { table, columns }: Table<Column>,
): (rows: readonly Readonly<Record<Column, Value>>[]) => void {
  const hole = `(${columns.map(() => "?").join(", ")})`;
  const statementFor = (rows: number): Statement<[Value[]]> =>
    sql<[Value[]]>(
      `INSERT OR ROLLBACK INTO ${table} (${columns.join(", ")}) VALUES ${Array<string>(rows).fill(hole).join(", ")}`,
    );
  const [one, few, many] = [statementFor(1), statementFor(some), statementFor(rowsPerInsert)];
  return (rows) => {
    for (let at = 0; at < rows.length;) {
      const left = rows.length - at;
      const size = left >= rowsPerInsert ? rowsPerInsert : left >= some ? some : 1;
      const values: Value[] = [];
      for (let index = at; index < at + size; index += 1) {
        const row = rows[index];
        if (row) for (const column of columns) values.push(row[column]);
      }
      (size === 1 ? one : size === some ? few : many).run(values);
      at += size;
    }
  };
}

/** Prepares the appends of an open queue. */
export function prepareInserts(sql: Sql): Inserts {
  return {
    insertTasks: appendTo(sql, { table: "tasks", columns: ofTask }),
    insertContents: appendTo(sql, { table: "contents", columns: ofContent }),
    insertEvents: appendTo(sql, { table: "events", columns: ofEvent }),
  };
}
