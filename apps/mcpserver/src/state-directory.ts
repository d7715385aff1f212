import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ParleyError } from "@parley/core";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
  ENOENT: "nothing can be made there",
};

/**
 * Makes the directory for records and secrets, mode 700, and its parents.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` when it cannot be made or written
 */
export async function makeStateDirectory(path: string): Promise<void> {
  try {
    await makeWithParents(path);
    await access(`${path}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = codeOf(error);
    const why = reasons[code] ?? code;
    const message = `The state directory ${path} cannot be used: ${why}. Choose another with --state-dir.`;
    throw new ParleyError("E_CONFIG_INVALID", message, { cause: error });
  }
}

/** Node's own recursive mkdir never returns where a file system refuses new entries with ENOENT, as /proc does. */
async function makeWithParents(path: string): Promise<void> {
  const first = await make(path);
  if (first !== "ENOENT" || dirname(path) === path) return fail(first);
  await makeWithParents(dirname(path));
  fail(await make(path));
}

/** What kept the directory from being made; `undefined` when it is there. */
async function make(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    return codeOf(error) === "EEXIST" ? undefined : codeOf(error);
  }
}

function fail(code: string | undefined): void {
  if (code !== undefined) throw Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
