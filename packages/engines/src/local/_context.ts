import { ParleyError } from "@parley/core";
import type { Capacity } from "./_demand.ts";
import type { JobIndex } from "./_job-index.ts";
import type { Scheduler } from "./_scheduler.ts";
import type { Store } from "./_store.ts";

/** The options with their defaults, and what the calls share. */
export interface Context {
  readonly allow: readonly string[];
  readonly capacity: Capacity;
  readonly environment: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly defaultWalltimeSeconds: number;
  readonly maxJobs: number;
  readonly maxOutputBytes: number;
  readonly store: Store;
  readonly index: JobIndex;
  readonly scheduler: Scheduler;
}

/** @throws {@link ParleyError} `E_INTERRUPTED` when the caller has given up */
export function heed(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ParleyError("E_INTERRUPTED", "The call was aborted; nothing was done.");
}
