import { setTimeout as sleep } from "node:timers/promises";
import { defineEvents, type EventSink, type EventSource } from "@parley/tool-registry";
import { z } from "zod";
import { withinRoots } from "./roots.ts";
import { changesBetween, takeSnapshot } from "./snapshot.ts";

/** Options of {@link createFileWatch}. */
export interface FileWatchOptions {
  /** Folders that may be watched, with all below them. Default: the working directory. */
  readonly roots?: readonly string[] | undefined;
  /** Entries of one folder that are looked at. Default 1000. */
  readonly maxEntries?: number | undefined;
}

/**
 * A source that emits `{ type, path, bytes }` when a file, or an entry of a folder, is created, changed or removed.
 * It looks at an interval, which works on network file systems too, and never leaves its roots.
 */
export function createFileWatch(options: FileWatchOptions = {}): EventSource {
  const { maxEntries = 1000 } = options;
  return defineEvents({
    name: "file-watch",
    description: "Emits when a file, or an entry of a folder, is created, changed or removed.",
    capabilities: ["created", "changed", "removed"],
    input: z.object({
      path: z.string().min(1).max(4096).describe("File or folder to watch, for example: results/run.log"),
      every_seconds: z
        .number()
        .min(0.05)
        .max(3600)
        .default(1)
        .describe("Seconds between two looks, for example: 1"),
    }),
    async subscribe({ path, every_seconds: seconds }, sink) {
      const roots = options.roots ?? [process.cwd()];
      const real = await withinRoots(path, roots);
      const first = await takeSnapshot(real, maxEntries);
      // It runs until the subscription ends, and says itself when it cannot go on.
      void follow({ path, real, roots, maxEntries, everyMs: seconds * 1000, first }, sink);
    },
  });
}

interface Following {
  readonly path: string;
  readonly real: string;
  readonly roots: readonly string[];
  readonly maxEntries: number;
  readonly everyMs: number;
  readonly first: Awaited<ReturnType<typeof takeSnapshot>>;
}

async function follow(
  { real, roots, maxEntries, everyMs, first }: Following,
  sink: EventSink,
): Promise<void> {
  let before = first;
  while (await waited(everyMs, sink.signal)) {
    try {
      // A folder on the way may have become a link since: what it leads to is looked at only within the roots.
      const still = await withinRoots(real, roots).catch(() => undefined);
      const after = still === real ? await takeSnapshot(real, maxEntries) : new Map<never, never>();
      for (const change of changesBetween(before, after)) sink.emit(change);
      before = after;
    } catch (error) {
      sink.fail(error);
    }
  }
}

async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}
