import { fingerprint, type Fingerprints } from "./fingerprint.ts";

export interface PollOptions {
  /** Asked at every look: what is watched may change, and was read again when it did. */
  readonly files: () => Fingerprints;
  /** Told of the files that changed, once they have stood still for one look. */
  readonly onChange: (changed: ReadonlySet<string>) => Promise<void>;
  /** Milliseconds between two looks. Default 500. */
  readonly intervalMs?: number | undefined;
}

/**
 * Watches files by looking at them: it works on network file systems and through the links of a mounted ConfigMap,
 * where change events do not.
 * @returns the function that stops it
 */
export function pollFiles({ files, onChange, intervalMs = 500 }: PollOptions): () => void {
  let before = new Map<string, string>();
  let looking = false;

  const look = async (): Promise<void> => {
    const changed = new Map<string, string>();
    for (const [path, read] of files()) {
      const now = await fingerprint(path);
      if (now !== read) changed.set(path, now);
    }
    const still = [...changed].every(([path, now]) => before.get(path) === now);
    before = changed;
    if (changed.size > 0 && still) await onChange(new Set(changed.keys()));
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
