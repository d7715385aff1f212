import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ParleyError } from "@parley/core";
import type { Database } from "./database.ts";
import { createJsonDatabase } from "./json/json.ts";
import type { SqliteModules } from "./sqlite/index.ts";

/** The store a program uses when nobody named one. */
export interface DefaultDatabase {
  readonly database: Database;
  /** One sentence for the log when it is not SQLite. */
  readonly notice?: string | undefined;
}

/** Options of {@link getDefaultDatabase}. */
export interface DefaultDatabaseOptions {
  /** Seam for tests: what loads the native SQLite module. */
  readonly load?: (() => Promise<SqliteModules>) | undefined;
}

/**
 * Opens `DIRECTORY/parley.db`; where SQLite cannot be loaded, a JSON store in the same directory. A directory
 * keeps the kind of store it began with, so that records never seem lost.
 * @throws {@link ParleyError} `E_DATABASE_DRIVER` when `parley.db` exists but SQLite cannot be loaded.
 */
export async function getDefaultDatabase(
  directory: string,
  { load }: DefaultDatabaseOptions = {},
): Promise<DefaultDatabase> {
  const home = resolve(directory);
  const path = join(home, "parley.db");
  const began = existsSync(path);
  if (!began && (existsSync(join(home, "records")) || existsSync(join(home, "streams")))) {
    const notice = `Records stay in the JSON store found in ${home}; name another with sqlite://PATH.`;
    return { database: createJsonDatabase({ directory: home }), notice };
  }
  try {
    const { createSqliteDatabase } = await import("./sqlite/index.ts");
    return { database: await createSqliteDatabase({ path, load }) };
  } catch (error) {
    if (began || !ParleyError.isInstance(error) || error.code !== "E_DATABASE_DRIVER") throw error;
    const notice = `${error.message.replace(/, or use a json:\/\/DIR store\.$/, ".")} Records are kept as JSON files in ${home}.`;
    return { database: createJsonDatabase({ directory: home }), notice };
  }
}
