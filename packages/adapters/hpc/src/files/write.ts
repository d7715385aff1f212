import { ParleyError, newId } from "@parley/core";
import { constants } from "node:fs";
import { lstat, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type OpenFolder, fileError, inFolder, meant, realInside } from "./confine.ts";
import type { Root } from "./roots.ts";

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

type WriteMode = "create" | "overwrite" | "append";

/** What {@link writeText} writes. */
export interface WriteRequest {
  readonly path: string;
  readonly content: string;
  readonly mode: WriteMode;
}

/** What came of it. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
  readonly replaced: boolean;
}

/**
 * Writes a file inside. `overwrite` puts the whole file in place at once and keeps its mode; a link in its place is
 * refused, so nothing outside is written to. @throws `E_PATH_FORBIDDEN`, `E_OBJECT_CONFLICT`, `E_FILE_IO` and others
 */
export async function writeText(roots: readonly Root[], request: WriteRequest): Promise<Written> {
  const whole = meant(request.path, roots);
  const name = basename(whole);
  const folder = await realInside(dirname(whole), roots);
  return inFolder(folder, roots, async (opened) => {
    const kind = await kindOf(opened.at(name));
    if (kind.is !== "nothing" && kind.is !== "file") {
      throw new ParleyError(
        kind.is === "link" ? "E_PATH_FORBIDDEN" : "E_ARGUMENT_INVALID",
        `${JSON.stringify(request.path.slice(0, 300))} is a ${kind.is}: only ordinary files are written.`,
      );
    }
    const bytes = Buffer.byteLength(request.content);
    const replaced = kind.is === "file" && request.mode === "overwrite";
    if (request.mode === "overwrite") await replace(opened, name, { ...request, fileMode: kind.fileMode });
    else await extend(opened.at(name), request);
    return { path: join(opened.real, name), bytes, replaced };
  });
}

interface Kind {
  readonly is: "nothing" | "file" | "link" | "folder" | "special file";
  readonly fileMode: number;
}

async function kindOf(path: string): Promise<Kind> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return { is: "nothing", fileMode: 0o644 };
  const is =
    found.isFile() ? "file"
    : found.isSymbolicLink() ? "link"
    : found.isDirectory() ? "folder"
    : "special file"; // prettier-ignore
  return { is, fileMode: found.mode & 0o777 };
}

async function extend(path: string, request: WriteRequest): Promise<void> {
  const how = request.mode === "append" ? O_APPEND : O_EXCL;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | how;
  const file = await open(path, flags, 0o644).catch((error: unknown) => fileError(request.path, error));
  try {
    await file.writeFile(request.content);
  } finally {
    await file.close();
  }
}

async function replace(
  folder: OpenFolder,
  name: string,
  { content, path, fileMode }: WriteRequest & { readonly fileMode: number },
): Promise<void> {
  const draft = folder.at(`.${newId("draft")}`);
  const file = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode).catch((error: unknown) =>
    fileError(path, error),
  );
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, folder.at(name)).catch(async (error: unknown) => {
    await unlink(draft).catch(() => undefined);
    return fileError(path, error);
  });
}
