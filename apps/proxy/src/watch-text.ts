import { readText } from "./servers.ts";

export interface WatchTextOptions {
  readonly path: string;
  /** What was read of it last. */
  readonly text: string;
  /** Called when it reads otherwise and has done so for two looks. */
  readonly onChange: () => Promise<void>;
  /** Time between two looks (default 500). */
  readonly intervalMs?: number | undefined;
}

/**
 * Watches a file by reading it: that works on network file systems, through the links of mounted secrets, and for
 * editors that put a new file in the place of the old one.
 * @returns what stops it
 */
export function watchText({ path, text, onChange, intervalMs = 500 }: WatchTextOptions): () => void {
  let known = text;
  let before = text;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const now = await readText(path).catch(() => known);
    const isStill = now === before;
    before = now;
    if (now === known || !isStill) return;
    known = now;
    await onChange();
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
