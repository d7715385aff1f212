import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/** What one look found: a fingerprint and size by path. */
export type Snapshot = ReadonlyMap<string, { readonly print: string; readonly bytes: number }>;

/** One difference between two looks. */
export interface Change {
  readonly type: "created" | "changed" | "removed";
  readonly path: string;
  readonly bytes?: number | undefined;
}

/** Looks at a file, or at the entries of a folder but not below them. Links are not followed. */
export async function takeSnapshot(path: string, maxEntries: number): Promise<Snapshot> {
  const found = new Map<string, { print: string; bytes: number }>();
  const add = async (each: string): Promise<boolean> => {
    const stats = await lstat(each).catch(() => undefined);
    if (stats === undefined) return false;
    found.set(each, { print: `${stats.mtimeMs} ${stats.size} ${stats.ino}`, bytes: stats.size });
    return stats.isDirectory();
  };
  if (!(await add(path))) return found;
  found.delete(path);
  for await (const entry of await opendir(path)) {
    if (found.size >= maxEntries) break;
    await add(join(path, entry.name));
  }
  return found;
}

/** What has changed from one look to the next, by path. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly Change[] {
  const changes: Change[] = [];
  for (const [path, { print, bytes }] of after) {
    const known = before.get(path);
    if (known === undefined) changes.push({ type: "created", path, bytes });
    else if (known.print !== print) changes.push({ type: "changed", path, bytes });
  }
  for (const path of before.keys()) if (!after.has(path)) changes.push({ type: "removed", path });
  return changes.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}
