/** The Database port and its drivers. SQLite lives on the subpath `./sqlite`, which loads native code. */

export type {
  Appended,
  Database,
  Json,
  ListOptions,
  PutOptions,
  Stored,
  StreamEntry,
  Written,
} from "./database.ts";

export { createMemoryDatabase } from "./memory.ts";
export type { MemoryDatabaseOptions } from "./memory.ts";
export { createJsonDatabase } from "./json/json.ts";
export type { JsonDatabaseOptions } from "./json/json.ts";

export { getDatabase } from "./get-database.ts";
export { getDefaultDatabase } from "./default-database.ts";
export type { DefaultDatabase, DefaultDatabaseOptions } from "./default-database.ts";
export { readLegacyRuns } from "./legacy-runs.ts";
export type { LegacyRun } from "./legacy-runs.ts";
