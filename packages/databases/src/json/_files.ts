import { open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ParleyError } from "@parley/core";
import { makeFolders } from "../_make-folder.ts";

/** The `code` of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Runs file work and turns a system error into `E_DATABASE_IO` naming the path. */
export async function onFile<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (ParleyError.isInstance(cause)) throw cause;
    const why = errorCode(cause) ?? String(cause);
    throw new ParleyError(
      "E_DATABASE_IO",
      `The store cannot use ${path} (${why}): check that the disk has room and that this user may write there.`,
      { cause, details: { path, reason: why } },
    );
  }
}

/** Makes what happened to a folder's names survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a private folder and its parents. */
export async function makeFolder(folder: string): Promise<void> {
  const parent = await makeFolders(folder);
  if (parent !== undefined) await syncFolder(parent);
}

/** Writes a whole file and its bytes' arrival on the disk. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a finished temporary file in its place. */
export async function moveInto(temporary: string, target: string): Promise<void> {
  await rename(temporary, target);
  await syncFolder(dirname(target));
}

/** A file's text; `undefined` when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The names in a folder; none when the folder is absent. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Removes what crashed writers left behind more than an hour before `nowMs`. */
export async function sweep(folder: string, nowMs: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const age = nowMs - (await stat(path).catch(() => ({ mtimeMs: nowMs }))).mtimeMs;
    if (age > 3_600_000) await rm(path, { force: true });
  }
}
