import type { Statement } from "better-sqlite3";
import type { TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";

type Value = string | number | null;

const changing = [
  "state", "rank", "readyAt", "parked", "wakeAt", "token", "worker", "leaseMs", "leaseUntil", "attemptEnd",
  "cancelEnd", "alarmAt", "attempt", "failures", "crashes", "waitingOn", "startedAt", "finishedAt",
] as const satisfies readonly (keyof TaskRow)[]; // prettier-ignore

type Column = (typeof changing)[number];

/** A row as it is stored and as it shall be. */
export interface TaskChange {
  readonly before: TaskRow;
  readonly after: TaskRow;
}

/** Rows to a statement: the largest that there are enough rows for. */
const sizes = [16, 4, 1] as const;

/** Statements kept; changes of further combinations write every column, one row at a time. */
const mostStatements = 500;

const everyColumn = 2 ** changing.length - 1;

/** One bit for each column that differs. */
function differences({ before, after }: TaskChange): number {
  let bits = 0;
  for (let index = 0; index < changing.length; index += 1) {
    const column = changing[index];
    if (column !== undefined && before[column] !== after[column]) bits |= 1 << index;
  }
  return bits;
}

const columnsOf = (bits: number): Column[] => changing.filter((_, index) => (bits & (1 << index)) !== 0);

/** One bit for each of the columns in which the new rows differ from each other. */
function varieties(rows: readonly TaskRow[], bits: number): number {
  let varied = 0;
  for (const [index, column] of changing.entries()) {
    const value = rows[0]?.[column];
    if ((bits & (1 << index)) !== 0 && rows.some((row) => row[column] !== value)) varied |= 1 << index;
  }
  return varied;
}

interface Shape {
  readonly bits: number;
  readonly varied: number;
  readonly size: number;
}

interface Update {
  readonly columns: readonly { readonly column: Column; readonly varies: boolean }[];
  readonly statement: Statement<[Value[]]>;
}

function prepareUpdate(sql: Sql, { bits, varied, size }: Shape): Update {
  const columns = columnsOf(bits).map((column) => ({
    column,
    varies: (varied & (1 << changing.indexOf(column))) !== 0,
  }));
  const setters = columns.map(({ column, varies }) =>
    varies ? `${column} = CASE seq ${"WHEN ? THEN ? ".repeat(size)}END` : `${column} = ?`,
  );
  const holes = Array<string>(size).fill("?").join(", ");
  const statement = sql<[Value[]]>(`UPDATE tasks SET ${setters.join(", ")} WHERE seq IN (${holes})`);
  return { columns, statement };
}

function valuesOf({ columns }: Update, rows: readonly TaskRow[]): Value[] {
  const values: Value[] = [];
  for (const { column, varies } of columns) {
    if (varies) for (const row of rows) values.push(row.seq, row[column]);
    else values.push(rows[0]?.[column] ?? null);
  }
  for (const { seq } of rows) values.push(seq);
  return values;
}

/** Rows by the columns that change in them. */
function grouped(changes: Iterable<TaskChange>): Map<number, TaskRow[]> {
  const groups = new Map<number, TaskRow[]>();
  for (const change of changes) {
    const bits = differences(change);
    const rows = groups.get(bits);
    if (rows) rows.push(change.after);
    else if (bits !== 0) groups.set(bits, [change.after]);
  }
  return groups;
}

/**
 * Writes what changed of rows. SQLite looks after an index only when the statement names a column of it or of its
 * condition, and most of a statement's cost is not its row's: tasks that went the same way share one.
 */
export function createTaskUpdate(
  sql: Sql,
  statementsKept = mostStatements,
): (changes: Iterable<TaskChange>) => void {
  const updates = new Map<string, Update>();

  const updateFor = (shape: Shape): Update => {
    const key = `${shape.bits} ${shape.varied} ${shape.size}`;
    let update = updates.get(key);
    if (!update) updates.set(key, (update = prepareUpdate(sql, shape)));
    return update;
  };

  const write = (rows: readonly TaskRow[], bits: number): void => {
    const update = updateFor({ bits, varied: varieties(rows, bits), size: rows.length });
    update.statement.run(valuesOf(update, rows));
  };

  return (changes) => {
    for (const [bits, rows] of grouped(changes)) {
      const full = updates.size >= statementsKept;
      for (let at = 0; at < rows.length;) {
        const size = full ? 1 : (sizes.find((some) => some <= rows.length - at) ?? 1);
        write(rows.slice(at, at + size), full ? everyColumn : bits);
        at += size;
      }
    }
  };
}
