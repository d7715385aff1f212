import { resolve } from "node:path";
import type { Clock } from "@parley/core";
import { isoTime, ParleyError, systemClock } from "@parley/core";
import type { Database, Json, PutOptions, Stored } from "../database.ts";
import { checkKey, checkName, checkVersion, conflict, pageSize, startAfter } from "../_arguments.ts";
import { createGate } from "../_gate.ts";
import { decodeValue, encodeValue } from "../_values.ts";
import type { SqliteModules } from "./_load.ts";
import { loadSqlite } from "./_load.ts";
import { openSqlite, sqliteError } from "./_open.ts";
import type { Statements } from "./_statements.ts";

/** Options of {@link createSqliteDatabase}. */
export interface SqliteDatabaseOptions {
  /** The database file, made with its folder when absent; `:memory:` keeps nothing. */
  readonly path: string;
  /** How long a write waits for another process (default 5000); the event loop waits with it. */
  readonly busyTimeoutMs?: number | undefined;
  /** Dates the entries of streams; the machine's clock when absent. */
  readonly clock?: Clock | undefined;
  /** Seam for tests: what loads the native module. */
  readonly load?: (() => Promise<SqliteModules>) | undefined;
}

type Write = Readonly<Record<"collection" | "id" | "value" | "path", string>>;

/** The row a write returned. `get` would end before the commit and hide that it failed; `all` goes through it. */
function writtenRow<Row>([row]: readonly Row[], path: string): Row {
  if (row !== undefined) return row;
  throw new ParleyError("E_DATABASE_IO", `The store ${path} did not say what it wrote: check the disk.`);
}

function writeRecord(statements: Statements, { path, ...write }: Write, { ifVersion }: PutOptions): number {
  if (ifVersion === undefined) return writtenRow(statements.put.all(write), path).version;
  const [written] =
    ifVersion === 0 ? statements.create.all(write) : statements.replace.all({ ...write, ifVersion });
  if (written) return written.version;
  const { collection, id } = write;
  const actual = statements.get.get({ collection, id })?.version ?? 0;
  throw conflict({ collection, id, expected: ifVersion, actual });
}

/**
 * A store in one SQLite file. Several processes may share it; a resolved write has reached the disk.
 * @throws {@link ParleyError} `E_DATABASE_DRIVER` when better-sqlite3 is missing or not compiled,
 * `E_DATABASE_IO`, `E_DATABASE_CORRUPT`, `E_DATABASE_CONFLICT`, `E_ARGUMENT_INVALID`.
 */
export async function createSqliteDatabase(options: SqliteDatabaseOptions): Promise<Database> {
  const path = options.path === ":memory:" ? options.path : resolve(options.path);
  const clock = options.clock ?? systemClock;
  const { client, statements } = await openSqlite({
    path,
    busyTimeoutMs: options.busyTimeoutMs ?? 5000,
    load: options.load ?? loadSqlite,
  });
  const gate = createGate(path, () => {
    client.close();
  });
  const run = async <Result>(work: () => Result): Promise<Result> =>
    await gate.pass(() => {
      try {
        return work();
      } catch (error) {
        throw sqliteError(error, path);
      }
    });
  const stored = (id: string, row: { value: string; version: number }): Stored<Json> => ({
    id,
    value: decodeValue(row.value, `Record ${JSON.stringify(id)} in ${path}`),
    version: row.version,
  });
  return {
    kind: "sqlite",
    location: path,
    durable: path !== ":memory:",
    get: (collection, id) =>
      run(() => {
        checkKey(collection, id);
        const row = statements.get.get({ collection, id });
        return row && stored(id, row);
      }),
    // oxlint-disable-next-line max-params -- the port's signature
    put: (collection, id, value, put = {}) =>
      run(() => {
        checkKey(collection, id);
        checkVersion(put.ifVersion);
        const text = encodeValue(value);
        return { id, version: writeRecord(statements, { collection, id, value: text, path }, put) };
      }),
    delete: (collection, id) =>
      run(() => {
        checkKey(collection, id);
        return statements.delete.run({ collection, id }).changes > 0;
      }),
    list: (collection, { after = "", limit } = {}) =>
      run(() => {
        checkName("collection name", collection);
        const rows = statements.list.all({ collection, after, limit: pageSize(limit) });
        return rows.map((row) => stored(row.id, row));
      }),
    append: (stream, value) =>
      run(() => {
        checkName("stream name", stream);
        const text = encodeValue(value);
        const at = isoTime(clock.now());
        const { seq } = writtenRow(statements.append.all({ stream, at, value: text }), path);
        return { seq, at };
      }),
    read: (stream, { after, limit } = {}) =>
      run(() => {
        checkName("stream name", stream);
        const rows = statements.read.all({ stream, after: startAfter(after), limit: pageSize(limit) });
        return rows.map(({ seq, at, value }) => ({
          seq,
          at,
          value: decodeValue(value, `Entry ${seq} of ${JSON.stringify(stream)} in ${path}`),
        }));
      }),
    close: () => gate.close(),
  };
}
