import type { Database } from "./database.ts";
import { createJsonDatabase } from "./json/json.ts";
import { createMemoryDatabase } from "./memory.ts";
import { parseDatabaseUri } from "./_uri.ts";

/**
 * Opens the store an address names: `memory:`, `json://DIR`, `file://DIR` (the same) or `sqlite://PATH`.
 * Paths are relative to the working directory unless they begin with a slash.
 * @throws {@link ParleyError} `E_DATABASE_URI`; for SQLite also `E_DATABASE_DRIVER` and `E_DATABASE_IO`.
 */
export async function getDatabase(uri: string): Promise<Database> {
  const address = parseDatabaseUri(uri);
  if (address.kind === "memory") return createMemoryDatabase();
  if (address.kind === "json") return createJsonDatabase({ directory: address.path });
  const { createSqliteDatabase } = await import("./sqlite/index.ts");
  return await createSqliteDatabase({ path: address.path });
}
