import { isTerminal } from "@parley/core";
import type { Clock, Job } from "@parley/core";
import pLimit from "p-limit";
import type { Ledger } from "./ledger.ts";

export interface MonitorOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly pollMs: number;
}

/** Looks at every job that has not ended until it has, less often as it grows older. */
export interface Monitor {
  /** Takes up the jobs left open by an earlier run, and watches from now on. */
  start(): Promise<void>;
  watch(job: Job): void;
  /** One round over the jobs that are due; what the timer does. */
  tick(): Promise<void>;
  readonly watched: number;
  close(): Promise<void>;
}

const slowestMs = 15_000;
const atOnce = 16;

export function createMonitor(options: MonitorOptions): Monitor {
  const { ledger, clock, pollMs } = options;
  const due = new Map<string, number>();
  const limit = pLimit(atOnce);
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  let closed = false;

  function schedule(job: Job): void {
    if (isTerminal(job.state)) {
      due.delete(job.id);
      return;
    }
    const ageMs = clock.now() - Date.parse(job.createdAt);
    const pause = Math.min(slowestMs, Math.max(pollMs, ageMs / 20));
    due.set(job.id, clock.now() + pause);
  }

  async function look(id: string): Promise<void> {
    try {
      schedule(await ledger.refresh(id));
    } catch {
      // The store or the record is at fault, not the job: keep it on the list and look again.
      due.set(id, clock.now() + slowestMs);
    }
  }

  async function tick(): Promise<void> {
    const now = clock.now();
    const ids = Array.from(due).filter(([, at]) => at <= now);
    await Promise.all(ids.map(([id]) => limit(() => look(id))));
  }

  function arm(): void {
    if (closed) return;
    timer = setTimeout(() => {
      round = tick().finally(arm);
    }, pollMs / 2);
    timer.unref();
  }

  return {
    async start() {
      for (const job of await ledger.store.open()) due.set(job.id, 0);
      arm();
    },
    watch: schedule,
    tick,
    get watched() {
      return due.size;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await round;
    },
  };
}
