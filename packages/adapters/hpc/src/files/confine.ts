import { ParleyError } from "@parley/core";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { type Root, forbidden, isWithin } from "./roots.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** A folder that was opened and seen to be inside. */
export interface OpenFolder {
  /** Where it was when it was opened. */
  readonly real: string;
  /**
   * The path of a name in this very folder, whatever has been put in the place of its path since (on Linux, where a
   * process can name what it has open).
   */
  at(name: string): string;
}

/** The absolute path that is meant; a relative one starts at the first root. @throws `E_ARGUMENT_INVALID`, `E_PATH_FORBIDDEN` */
export function meant(path: string, roots: readonly Root[]): string {
  if (path.includes("\0")) throw new ParleyError("E_ARGUMENT_INVALID", "A path holds no NUL.");
  const [first] = roots;
  if (first === undefined) forbidden(path);
  const whole = isAbsolute(path) ? resolve(path) : resolve(first.given, path);
  // Said before anything is looked at: what there is outside is nobody's business.
  const inside = roots.some(({ given, real }) => isWithin(given, whole) || isWithin(real, whole));
  return inside ? whole : forbidden(path);
}

/** Where something inside really is. @throws `E_OBJECT_UNKNOWN`, `E_PATH_FORBIDDEN` when a link leads out */
export async function realInside(path: string, roots: readonly Root[]): Promise<string> {
  const real = await realpath(meant(path, roots)).catch((error: unknown) => fileError(path, error));
  return roots.some((root) => isWithin(root.real, real)) ? real : forbidden(path);
}

/**
 * Opens a folder, makes sure that what was opened is inside, and hands it to `use`; it is closed afterwards.
 * @param real - from {@link realInside}
 */
export async function inFolder<Result>(
  real: string,
  roots: readonly Root[],
  use: (folder: OpenFolder) => Promise<Result>,
): Promise<Result> {
  const handle = await open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) =>
    fileError(real, error),
  );
  try {
    const byHandle = process.platform === "linux" ? `/proc/self/fd/${handle.fd}` : real;
    const where = await realpath(byHandle).catch((error: unknown) => fileError(real, error));
    if (!roots.some((root) => isWithin(root.real, where))) forbidden(real);
    return await use({ real: where, at: (name) => `${byHandle}/${name}` });
  } finally {
    await handle.close();
  }
}

/** Opens a file inside for reading and hands it to `use`. A pipe or device is refused before it is read. */
export async function withFile<Result>(
  path: string,
  roots: readonly Root[],
  use: (file: FileHandle, real: string) => Promise<Result>,
): Promise<Result> {
  const real = await realInside(path, roots);
  const name = basename(real);
  return inFolder(await folderOf(real, path), roots, async (folder) => {
    const file = await open(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) =>
      fileError(path, error),
    );
    try {
      if (!(await file.stat()).isFile()) notAFile(path);
      return await use(file, join(folder.real, name));
    } finally {
      await file.close();
    }
  });
}

/** The folder a file is in; a folder, and above all a root, is no file. */
async function folderOf(real: string, path: string): Promise<string> {
  const found = await lstat(real).catch((error: unknown) => fileError(path, error));
  return found.isDirectory() ? notAFile(path) : dirname(real);
}

function notAFile(path: string): never {
  throw new ParleyError("E_ARGUMENT_INVALID", `${JSON.stringify(path.slice(0, 300))} is no ordinary file.`);
}

/** What the system said, as an error with the path. */
export function fileError(path: string, cause: unknown): never {
  const shown = JSON.stringify(path.slice(0, 300));
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    throw new ParleyError("E_OBJECT_UNKNOWN", `There is no ${shown}.`, { cause });
  }
  if (code === "ELOOP") {
    throw new ParleyError("E_PATH_FORBIDDEN", `${shown} has become a link; call again.`, { cause });
  }
  if (code === "EEXIST") {
    throw new ParleyError("E_OBJECT_CONFLICT", `${shown} exists; pass mode overwrite or append.`, { cause });
  }
  throw new ParleyError("E_FILE_IO", `${shown} could not be opened (${code || "no reason given"}).`, {
    cause,
  });
}
