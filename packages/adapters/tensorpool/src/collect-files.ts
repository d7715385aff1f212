import { copyFile, lstat, mkdir, readdir, rename } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Pulled, PullRequest } from "./backend.ts";
import { confine } from "./paths.ts";

/** What became of files, each a path below the folder. */
export type Collected = Pick<Pulled, "created" | "overwritten" | "skipped">;

/**
 * Moves the files below `scratch` to the same paths below the folder of a pull. Links and other special files stay
 * behind, and existing files are left alone without `force`.
 */
export async function collectFiles(
  scratch: string,
  request: Pick<PullRequest, "folder" | "force">,
): Promise<Collected> {
  const created: string[] = [];
  const overwritten: string[] = [];
  const skipped: string[] = [];
  for (const path of await filesBelow(scratch)) {
    const fate = await settleFile(join(scratch, path), path, request);
    ({ created, overwritten, skipped })[fate].push(path.split(sep).join("/"));
  }
  return { created, overwritten, skipped };
}

async function filesBelow(scratch: string): Promise<string[]> {
  const entries = await readdir(scratch, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(scratch, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Puts one file where it belongs. @throws `E_ARGUMENT_INVALID` when a link there leads outside */
export async function settleFile(
  from: string,
  path: string,
  { folder, force }: Pick<PullRequest, "folder" | "force">,
): Promise<keyof Collected> {
  const to = await confine(folder, path, "a file of the job");
  const exists = await isThere(to);
  if (exists && !force) return "skipped";
  await mkdir(dirname(to), { recursive: true });
  await move(from, to);
  return exists ? "overwritten" : "created";
}

/** Whether anything has that path. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A scratch folder may be on another file system, where a file cannot be renamed to. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    const draft = `${to}.part`;
    await copyFile(from, draft);
    await rename(draft, to);
  }
}
