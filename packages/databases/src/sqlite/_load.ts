import type BetterSqlite3 from "better-sqlite3";
import type { drizzle as Drizzle } from "drizzle-orm/better-sqlite3";
import { ParleyError } from "@parley/core";

/** The native module and the query builder over it. */
export interface SqliteModules {
  readonly Client: typeof BetterSqlite3;
  readonly drizzle: typeof Drizzle;
}

/** Loads native code; the default of every `load` seam. */
export async function loadSqlite(): Promise<SqliteModules> {
  const [{ default: Client }, { drizzle }] = await Promise.all([
    import("better-sqlite3"),
    import("drizzle-orm/better-sqlite3"),
  ]);
  return { Client, drizzle };
}

/** Says which part of SQLite is missing and what to do. */
export function driverError(cause: unknown): ParleyError {
  const text = String(cause);
  const why = /NODE_MODULE_VERSION|ERR_DLOPEN_FAILED/.test(text)
    ? "was built for another Node.js: run `npm rebuild better-sqlite3`"
    : /bindings file/.test(text)
      ? "is not compiled: run `npm rebuild better-sqlite3` (needs python3, make and a C++ compiler)"
      : "is not installed: run `npm install better-sqlite3`";
  return new ParleyError(
    "E_DATABASE_DRIVER",
    `The package better-sqlite3 ${why}, or use a json://DIR store.`,
    {
      cause,
    },
  );
}
