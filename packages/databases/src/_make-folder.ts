import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a private folder and its parents, one after the other. Node's recursive `mkdir` does not end where a folder that is
 * there takes none, as under `/proc`.
 * @returns the folder in which the first of them was made; nothing when all were there
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  let there = resolve(folder);
  while (!(await isThere(there)) && there !== dirname(there)) {
    missing.push(there);
    there = dirname(there);
  }
  for (const each of missing.toReversed()) await makeOne(each);
  return missing.length === 0 ? undefined : there;
}

/** Another process may make the same at the same moment. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
