import type { Database as Client } from "better-sqlite3";
import type { LegacyRun } from "../legacy-runs.ts";
import { parseLegacyData } from "../legacy-runs.ts";
import { driverError, loadSqlite } from "./_load.ts";
import { sqliteError } from "./_open.ts";

type Row = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function toRun(row: Row): LegacyRun {
  const status = textOf(row["status"]);
  const planSource = textOf(row["plan_source"]);
  return {
    id: textOf(row["id"]) ?? "",
    timestamp: textOf(row["timestamp"]) ?? "",
    ...(status === undefined ? {} : { status }),
    ...(planSource === undefined ? {} : { planSource }),
    data: parseLegacyData(textOf(row["data"]) ?? "null"),
  };
}

function readRows(client: Client, limit: number): LegacyRun[] {
  const table = client
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'workflow_runs'")
    .get();
  if (table === undefined) return [];
  return client
    .prepare<[number], Row>("SELECT * FROM workflow_runs ORDER BY rowid LIMIT ?")
    .all(limit)
    .map(toRun);
}

/** Reads the `workflow_runs` table of a SQLite file without changing the file. */
export async function readLegacyTable(path: string, limit: number): Promise<LegacyRun[]> {
  const modules = await loadSqlite().catch((error: unknown) => {
    throw driverError(error);
  });
  let client: Client | undefined;
  try {
    client = new modules.Client(path, { readonly: true, fileMustExist: true });
    return readRows(client, limit);
  } catch (error) {
    throw String(error).includes("bindings file") ? driverError(error) : sqliteError(error, path);
  } finally {
    client?.close();
  }
}
