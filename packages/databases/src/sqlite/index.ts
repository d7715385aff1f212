/** The SQLite driver; opening a store loads native code. */

export { createSqliteDatabase } from "./driver.ts";
export type { SqliteDatabaseOptions } from "./driver.ts";
export type { SqliteModules } from "./_load.ts";
