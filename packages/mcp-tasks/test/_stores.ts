import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ParleyError } from "@parley/core";
import { getDatabase } from "@parley/databases";

/** Why the SQLite tests cannot run here; absent when they can. */
export async function sqliteMissing(): Promise<string | undefined> {
  try {
    await (await getDatabase("sqlite://:memory:")).close();
    return undefined;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_DATABASE_DRIVER")
      return `skipped: ${error.message}`;
    throw error;
  }
}

/** The addresses of databases on disk in an empty folder of their own, and how to remove it. */
export async function scratch(): Promise<{ json: string; sqlite: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "parley-tasks-"));
  return {
    json: `json://${join(directory, "json")}`,
    sqlite: `sqlite://${join(directory, "tasks.db")}`,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The `code` of the error a call is refused with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error.code;
    throw error;
  }
  return "none";
}
