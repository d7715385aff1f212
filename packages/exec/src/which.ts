import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Finds a program without running anything.
 * @param name - a bare name, or an absolute path that is then only checked.
 * @param path - a PATH; relative and empty entries are passed over. Default: this process's PATH.
 * @returns an absolute path, links not followed; `undefined` when there is no such executable file.
 */
export async function which(name: string, path = process.env["PATH"] ?? ""): Promise<string | undefined> {
  if (name === "" || name.includes("\0")) return undefined;
  if (isAbsolute(name)) return (await isExecutable(name)) ? name : undefined;
  if (name.includes("/")) return undefined;
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}
