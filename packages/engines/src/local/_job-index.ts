import { isTerminal } from "@parley/core";
import type { JobState } from "@parley/core";
import type { Capacity } from "./_demand.ts";
import type { JobRecord } from "./_record.ts";
import { readStatus } from "./_status.ts";
import type { Store } from "./_store.ts";

/** A job as last seen. A queued one is looked at again before it is started. */
interface Entry {
  readonly job: JobRecord;
  state: JobState;
  finishedAt: string;
}

/** What runs and what waits. */
interface Load {
  readonly running: number;
  readonly queued: number;
  readonly idleCores: number;
  readonly idleMemoryBytes: number;
}

/** The jobs of a state directory, kept in memory so that a look costs what changed and not what is there. */
export interface JobIndex {
  /** Jobs whose runner was started and has not ended. */
  readonly starting: Set<string>;
  /** Jobs known, ended ones included. */
  size(): number;
  /** Reads new jobs and what became of running ones. */
  refresh(): Promise<void>;
  /** Reads what became of one job. */
  update(id: string): Promise<JobState | undefined>;
  /** Queued jobs in the order of their submission. */
  waiting(): readonly JobRecord[];
  load(): Load;
  nextSequence(): number;
  /** Deletes the oldest ended jobs beyond a number. */
  prune(retain: number): Promise<void>;
}

/** What a {@link JobIndex} needs of its engine. */
export interface JobIndexOptions {
  readonly store: Store;
  readonly capacity: Capacity;
  readonly now: () => number;
}

export function createJobIndex({ store, capacity, now }: JobIndexOptions): JobIndex {
  const entries = new Map<string, Entry>();
  const starting = new Set<string>();
  let lastSequence = 0;

  const isRunning = ({ job, state }: Entry): boolean => state === "ACTIVE" || starting.has(job.id);
  const isWaiting = ({ job, state }: Entry): boolean => state === "QUEUED" && !starting.has(job.id);

  const update = async (id: string): Promise<JobState | undefined> => {
    // A record that cannot be read is reported by status(); it does not stop the queue.
    const status = await readStatus(store, id, now).catch(() => undefined);
    const entry = entries.get(id);
    if (status === undefined) entries.delete(id);
    else if (entry !== undefined) {
      entry.state = status.state;
      entry.finishedAt = status.finishedAt ?? "";
    }
    return status?.state;
  };

  const take = async (id: string): Promise<void> => {
    const job = await store.job(id).catch(() => undefined);
    if (job === undefined) return;
    lastSequence = Math.max(lastSequence, job.sequence);
    if (!entries.has(id)) entries.set(id, { job, state: "QUEUED", finishedAt: "" });
    await update(id);
  };

  return {
    starting,
    size: () => entries.size,
    update,
    refresh: async () => {
      const ids = new Set(await store.ids());
      for (const id of entries.keys()) if (!ids.has(id)) entries.delete(id);
      for (const id of ids) if (!entries.has(id)) await take(id);
      for (const { job } of [...entries.values()].filter(isRunning)) await update(job.id);
    },
    waiting: () =>
      [...entries.values()]
        .filter(isWaiting)
        .map(({ job }) => job)
        .toSorted((left, right) => left.sequence - right.sequence || (left.id < right.id ? -1 : 1)),
    load: () => loadOf([...entries.values()], { isRunning, isWaiting, capacity }),
    nextSequence: () => {
      lastSequence = Math.max(lastSequence + 1, now() * 1000);
      return lastSequence;
    },
    prune: async (retain) => {
      const ended = [...entries.values()].filter((entry) => isTerminal(entry.state));
      const excess = Math.max(0, ended.length - retain);
      const oldest = ended.toSorted((left, right) => (left.finishedAt < right.finishedAt ? -1 : 1));
      for (const { job } of oldest.slice(0, excess)) {
        await store.remove(job.id);
        entries.delete(job.id);
      }
    },
  };
}

interface LoadOptions {
  readonly isRunning: (entry: Entry) => boolean;
  readonly isWaiting: (entry: Entry) => boolean;
  readonly capacity: Capacity;
}

function loadOf(entries: readonly Entry[], { isRunning, isWaiting, capacity }: LoadOptions): Load {
  const running = entries.filter(isRunning);
  const idle = (of: "cores" | "memoryBytes"): number =>
    Math.max(
      0,
      running.reduce((left, { job }) => left - job[of], capacity[of]),
    );
  return {
    running: running.length,
    queued: entries.filter(isWaiting).length,
    idleCores: idle("cores"),
    idleMemoryBytes: idle("memoryBytes"),
  };
}
