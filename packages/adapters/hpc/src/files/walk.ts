import { ParleyError } from "@parley/core";
import { type Dirent } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "../call.ts";
import { type OpenFolder, inFolder } from "./confine.ts";
import type { Root } from "./roots.ts";

export type EntryType = "file" | "directory" | "symlink" | "other";

/** Something in a folder. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly type: EntryType;
}

const most = 20_000;

export function typeOf(entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">): EntryType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

/** Names in an open folder, in order; of a folder with more than 20,000 the first it gives. */
export async function entriesOf(folder: OpenFolder): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of await opendir(folder.at("."))) {
    entries.push({ name: entry.name, path: join(folder.real, entry.name), type: typeOf(entry) });
    if (entries.length >= most) break;
  }
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** Size and time of a name in an open folder; absent for one that has gone. */
export async function factsOf(
  folder: OpenFolder,
  name: string,
): Promise<{ readonly size_bytes: number; readonly modified_at: string } | undefined> {
  const found = await lstat(folder.at(name)).catch(() => undefined);
  return found && { size_bytes: found.size, modified_at: found.mtime.toISOString() };
}

/** Where a walk begins and how far it goes. */
export interface WalkOptions {
  readonly roots: readonly Root[];
  /** From `realInside`. */
  readonly from: string;
  /** Seconds; what was found by then is the answer. */
  readonly timeoutSeconds: number;
}

/** How a walk ended. */
export interface WalkEnd {
  readonly visited: number;
  /** False when time was up, `visit` had enough, or some folder could not be read. */
  readonly whole: boolean;
}

/**
 * Visits everything below a folder, breadth first, links not followed, with progress.
 * @param visit - says `false` when it has enough
 * @throws `E_INTERRUPTED`
 */
export async function walk(
  call: Call,
  options: WalkOptions,
  visit: (entry: Entry) => Promise<boolean> | boolean,
): Promise<WalkEnd> {
  const endsAt = call.now() + options.timeoutSeconds * 1000;
  const folders = [options.from];
  let visited = 0;
  let whole = true;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await inFolder(folder, options.roots, entriesOf).catch(() => undefined);
    if (entries === undefined || entries.length >= most) whole = false;
    for (const entry of entries ?? []) {
      checkSignal(call.signal);
      if (call.now() > endsAt) return { visited, whole: false };
      visited += 1;
      if (!(await visit(entry))) return { visited, whole: false };
      if (entry.type === "directory") folders.push(entry.path);
    }
    call.progress(visited, undefined, `${String(folders.length)} folders to go`);
  }
  return { visited, whole };
}

function checkSignal(signal: AbortSignal): void {
  if (signal.aborted) throw new ParleyError("E_INTERRUPTED", "The search was interrupted.");
}
