import { isoTime } from "@parley/core";
import type { JobIndex } from "./_job-index.ts";
import type { LaunchRunner } from "./launch.ts";
import type { Lock } from "./_lock.ts";
import type { JobRecord } from "./_record.ts";
import type { Store } from "./_store.ts";

/** What the scheduler needs of its engine. */
export interface SchedulerOptions {
  readonly store: Store;
  readonly index: JobIndex;
  readonly lock: Lock;
  readonly pollMs: number;
  readonly retainJobs: number;
  readonly now: () => number;
  readonly launch: LaunchRunner;
  /** Why a queued job may no longer run, if so. */
  readonly objection: (job: JobRecord) => Promise<string | undefined>;
}

/** Starts queued jobs in the order of their submission, as far as the machine's cores and memory go. */
export interface Scheduler {
  /** Looks for work soon, without waiting for it. */
  wake(): void;
  /** The last thing that went wrong while scheduling, until it goes well again. */
  fault(): string | undefined;
  close(): Promise<void>;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { index, lock } = options;
  let fault: string | undefined;
  let closed = false;
  let looking: Promise<void> | undefined;
  let again = false;

  const look = async (): Promise<void> => {
    try {
      await index.refresh();
      if (index.size() > 0 && (await lock.hold())) {
        await startWaiting(options, { wake, isClosed: () => closed });
        await index.prune(options.retainJobs);
      }
      fault = undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
  };
  const lookAgain = async (): Promise<void> => {
    while (again) {
      again = false;
      await look();
    }
    looking = undefined;
  };
  const wake = (): void => {
    if (closed) return;
    again = true;
    looking ??= lookAgain();
  };

  const timer = setInterval(wake, options.pollMs);
  timer.unref();
  wake();
  return {
    wake,
    fault: () => fault,
    close: async () => {
      closed = true;
      again = false;
      clearInterval(timer);
      await looking;
      await lock.release();
    },
  };
}

interface Turn {
  readonly wake: () => void;
  readonly isClosed: () => boolean;
}

async function startWaiting(options: SchedulerOptions, turn: Turn): Promise<void> {
  const { index, store, now, objection } = options;
  for (const job of index.waiting()) {
    if ((await index.update(job.id)) !== "QUEUED") continue;
    const { idleCores, idleMemoryBytes, running } = index.load();
    const fits = job.cores <= idleCores && job.memoryBytes <= idleMemoryBytes;
    // A machine that has shrunk since the submission still runs the job, alone.
    if (!fits && running > 0) return;
    const reason = await objection(job);
    if (turn.isClosed()) return;
    if (reason === undefined) void runJob(options, job.id).then(turn.wake, turn.wake);
    else {
      store.settleBegin(job.id, { action: "fail", at: isoTime(now()), reason });
      await index.update(job.id);
    }
  }
}

async function runJob({ index, store, now, launch }: SchedulerOptions, id: string): Promise<void> {
  index.starting.add(id);
  try {
    const problem = await launch(store.folder(id));
    // A runner settles first of all what becomes of its job; without that it never got so far.
    if ((await store.begin(id)) !== undefined) return;
    const reason = `its runner could not be started${problem === undefined ? "" : `: ${problem}`}`;
    store.settleBegin(id, { action: "fail", at: isoTime(now()), reason });
  } finally {
    index.starting.delete(id);
    await index.update(id);
  }
}
