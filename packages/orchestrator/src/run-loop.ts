import type { Clock } from "@parley/core";
import { newId } from "@parley/core";
import type { Lease } from "@parley/queue";
import type { RunOptions, RunProgress, RunReport } from "./orchestrator.ts";
import type { Safety, Trip } from "./port.ts";
import { runAttempt } from "./run-attempt.ts";
import type { AttemptEnd, AttemptParts } from "./run-attempt.ts";

/** What one run is made with. */
export interface Loop {
  readonly parts: AttemptParts;
  readonly safety: Safety;
  readonly queues: readonly string[];
  readonly leaseMs: number;
  readonly maxTasks: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly onProgress?: RunOptions["onProgress"];
}

/** Between two looks for tasks whose next attempt is not due yet. */
const lookEveryMs = 100;

interface Tally {
  readonly seen: Set<string>;
  /** Tasks of this run that are to be tried again. */
  readonly again: Set<string>;
  readonly completed: Set<string>;
  readonly failed: Set<string>;
  readonly waiting: Set<string>;
  attempts: number;
  running: number;
  trip?: Trip | undefined;
}

/** Claims and does tasks, some at a time, until nothing is left for this run. */
export async function runLoop(loop: Loop): Promise<RunReport> {
  const { clock, concurrency, signal } = loop;
  const startedAt = clock.now();
  const worker = newId("run");
  const tally: Tally = {
    seen: new Set(),
    again: new Set(),
    completed: new Set(),
    failed: new Set(),
    waiting: new Set(),
    attempts: 0,
    running: 0,
  };
  const soFar = (): RunProgress => ({
    processed: tally.seen.size,
    completed: tally.completed.size,
    failed: tally.failed.size,
    attempts: tally.attempts,
    waiting: tally.waiting.size,
    elapsedSeconds: (clock.now() - startedAt) / 1000,
  });
  const report = (stopped: RunReport["stopped"]): RunReport => ({
    ...soFar(),
    stopped,
    ...(tally.trip === undefined ? {} : { trip: tally.trip }),
  });
  const lanes = Array.from({ length: concurrency }, () =>
    work(loop, { tally, worker, told: () => loop.onProgress?.(soFar()) }),
  );
  await Promise.all(lanes);
  if (tally.trip !== undefined) return report("tripped");
  if (signal.aborted) return report("interrupted");
  return report(tally.seen.size >= loop.maxTasks ? "max_tasks" : "drained");
}

interface Lane {
  readonly tally: Tally;
  readonly worker: string;
  readonly told: () => void;
}

async function work(loop: Loop, lane: Lane): Promise<void> {
  const { safety, signal, parts, sleep } = loop;
  const { tally } = lane;
  while (!signal.aborted && tally.trip === undefined) {
    const admission = safety.admit();
    if (!admission.ok) {
      // Another lane's probe decides; with none under way this is the end.
      if (tally.running === 0) tally.trip = admission.trip;
      else await sleep(lookEveryMs, signal).catch(() => undefined);
      continue;
    }
    tally.running += 1;
    let end: AttemptEnd | undefined;
    try {
      const lease = await next(loop, lane);
      if (lease !== undefined) {
        tally.attempts += 1;
        end = await runAttempt(lease, parts, signal);
      }
    } finally {
      admission.settle(end?.outcome);
      tally.running -= 1;
    }
    if (end !== undefined) {
      note(tally, end);
      lane.told();
    } else if (tally.again.size === 0 && tally.running === 0) return;
    else await sleep(lookEveryMs, signal).catch(() => undefined);
  }
}

async function next(loop: Loop, { tally, worker }: Lane): Promise<Lease | undefined> {
  const { store } = loop.parts;
  const { leaseMs, queues, maxTasks } = loop;
  const isFull = tally.seen.size >= maxTasks;
  const ids = isFull ? [...tally.again].slice(0, 1000) : undefined;
  if (ids?.length === 0) return undefined;
  const [lease] = await store.claim({
    worker,
    leaseMs,
    queues: [...queues],
    ...(ids === undefined ? {} : { ids }),
  });
  if (lease !== undefined) {
    tally.seen.add(lease.id);
    tally.again.delete(lease.id);
  }
  return lease;
}

function note(tally: Tally, { id, state, later }: AttemptEnd): void {
  if (state === "completed") tally.completed.add(id);
  else if (state === "failed") tally.failed.add(id);
  else if (state === "input_required") tally.waiting.add(id);
  else if (state === "retry_wait" && later !== true) tally.again.add(id);
}
