import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";
import { makeFolders } from "../_make-folder.ts";
import { corrupt } from "../_values.ts";
import { driverError } from "./_load.ts";
import type { SqliteModules } from "./_load.ts";
import { migrate } from "./_migrations.ts";
import type { Statements } from "./_statements.ts";
import { prepareStatements } from "./_statements.ts";

/** An open store. */
export interface OpenSqlite {
  readonly client: Client;
  readonly statements: Statements;
}

interface OpenOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly load: () => Promise<SqliteModules>;
}

/** Turns an error of SQLite or of the file system into ours. */
export function sqliteError(cause: unknown, path: string): ParleyError {
  if (ParleyError.isInstance(cause)) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  const details = { path, reason: code };
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return corrupt(path, { cause, details });
  const busy = code.startsWith("SQLITE_BUSY");
  const remedy = busy
    ? "another process is writing; try again"
    : "check that the disk has room and that this user may write there";
  return new ParleyError("E_DATABASE_IO", `The store ${path} failed (${code}): ${remedy}.`, {
    cause,
    details,
    retryable: busy,
  });
}

async function prepareFile(path: string): Promise<void> {
  if (path === ":memory:") return;
  await makeFolders(dirname(path));
  if (!existsSync(path)) await (await open(path, "a", 0o600)).close();
}

async function loadModules(load: () => Promise<SqliteModules>): Promise<SqliteModules> {
  try {
    const modules = await load();
    new modules.Client(":memory:").close();
    return modules;
  } catch (error) {
    throw driverError(error);
  }
}

/** Opens and migrates a store: WAL, `synchronous=FULL`, waiting for other writers. */
export async function openSqlite({ path, busyTimeoutMs, load }: OpenOptions): Promise<OpenSqlite> {
  const { Client, drizzle } = await loadModules(load);
  let client: Client | undefined;
  try {
    await prepareFile(path);
    client = new Client(path, { timeout: busyTimeoutMs });
    client.pragma("journal_mode = WAL");
    client.pragma("synchronous = FULL");
    migrate(client, path);
    return { client, statements: prepareStatements(drizzle(client)) };
  } catch (error) {
    client?.close();
    throw sqliteError(error, path);
  }
}
