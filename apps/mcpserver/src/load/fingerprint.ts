import { type Stats, statSync } from "node:fs";
import { stat } from "node:fs/promises";

/** Files, each as it was when it was read. */
export type Fingerprints = ReadonlyMap<string, string>;

/** What of a file changes with its content; links are followed. */
export async function fingerprint(path: string): Promise<string> {
  return said(await stat(path).catch(() => undefined));
}

/** The same at once, for the moment before a file is read. */
export function fingerprintNow(path: string): string {
  try {
    return said(statSync(path));
  } catch {
    return said(undefined);
  }
}

function said(stats: Stats | undefined): string {
  return stats === undefined ? "absent" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
