import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";
import { queueError } from "./_errors.ts";

/**
 * Copies a queue page by page between other work; the copy is of one moment, and complete once it has its name.
 * @throws {@link ParleyError} `E_DATABASE_EXISTS` when the target is there, `E_QUEUE_DISK_FULL`, `E_DATABASE_IO`.
 */
export async function backup(
  client: Client,
  { path, target }: { path: string; target: string },
): Promise<void> {
  if (existsSync(target)) {
    throw new ParleyError("E_DATABASE_EXISTS", `The backup ${target} is already there: choose another name.`);
  }
  const partial = `${target}.partial`;
  try {
    await client.backup(partial);
    const file = await open(partial, "r+");
    await file.sync();
    await file.close();
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw queueError(error, path);
  }
}
