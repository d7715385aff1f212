import { z } from "zod";
import { createHistogram } from "./_histogram.ts";
import type { Sql } from "./_sql.ts";
import type { QueueTime } from "./_time.ts";
import type { RecordedEvent, Unit } from "./_unit.ts";
import { TaskState } from "./states.ts";

const Durations = z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).partial();
const Count = z.int().min(0);

/** One queue in numbers; durations are ms and, like ratios and throughput, since the queue was opened. */
export const QueueStats = z.object({
  states: z.partialRecord(TaskState, Count),
  /** Could be claimed now. */
  ready: Count,
  /** Wait for a time. */
  deferred: Count,
  /** Of the thousand that are claimed next. */
  oldestReadyMs: z.number().optional(),
  waitMs: Durations,
  execMs: Durations,
  /** Tasks completed per second over the last 1, 5 and 15 minutes. */
  completedPerSecond: z.object({ m1: z.number(), m5: z.number(), m15: z.number() }),
  /** Share of attempts that led to another one; share of ended tasks that failed. */
  retryRatio: z.number().optional(),
  deadRatio: z.number().optional(),
  pausedFor: z.string().optional(),
});
export type QueueStats = z.infer<typeof QueueStats>;

/** All queues in numbers. */
export const Stats = z.object({ lastSeq: z.int(), queues: z.record(z.string(), QueueStats) });
export type Stats = z.infer<typeof Stats>;

const minutes = 15;

function createMeter() {
  const wait = createHistogram();
  const exec = createHistogram();
  /** Completions by minute of steady time, the last fifteen. */
  const completed = new Map<number, number>();
  const tally = { claims: 0, retries: 0, ended: 0, failed: 0 };
  return { wait, exec, completed, tally };
}

type Meter = ReturnType<typeof createMeter>;

function measure({ wait, exec, completed, tally }: Meter, event: RecordedEvent, minute: number): void {
  if (event.fromState === null) return;
  const { waitMs, execMs } = event.said ?? {};
  if (event.type === "claimed") {
    tally.claims += 1;
    wait.add(typeof waitMs === "number" ? waitMs : 0);
  }
  if (typeof execMs === "number") exec.add(execMs);
  if (event.toState === "retry_wait") tally.retries += 1;
  if (event.type === "completed") {
    tally.ended += 1;
    completed.set(minute, (completed.get(minute) ?? 0) + 1);
    for (const old of completed.keys()) if (old <= minute - minutes) completed.delete(old);
  } else if (event.toState === "failed") {
    tally.ended += 1;
    tally.failed += 1;
  }
}

const quantiles = ({ quantile }: Meter["wait"]): z.infer<typeof Durations> => {
  const [p50, p95, p99] = [quantile(0.5), quantile(0.95), quantile(0.99)];
  return p50 === undefined ? {} : { p50, p95, p99 };
};

function perSecond(
  meter: Meter | undefined,
  { minute, span, openMs }: { minute: number; span: number; openMs: number },
): number {
  const seconds = Math.max(1, Math.min(span * 60, openMs / 1000));
  const sum = [...(meter?.completed ?? [])].reduce(
    (total, [at, count]) => total + (at > minute - span ? count : 0),
    0,
  );
  return sum / seconds;
}

const ratio = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);

function oldestReady(sql: Sql, queue: string): number | undefined {
  const found = sql<[string], { oldest: number | null }>(
    `SELECT min(readyAt) AS oldest FROM (
       SELECT readyAt FROM tasks WHERE state = 'pending' AND parked = 0 AND queue = ? ORDER BY rank, seq LIMIT 1000)`,
  );
  return found.get(queue)?.oldest ?? undefined;
}

interface Sources {
  readonly sql: Sql;
  readonly unit: Unit;
  readonly time: () => QueueTime;
}

const minuteOf = (steady: number): number => Math.floor(steady / 60_000);

/** Watches the log and answers what the queues look like. */
export function createStats({ sql, unit, time }: Sources): {
  watch(rows: readonly RecordedEvent[]): void;
  read(lastSeq: number): Stats;
} {
  const meters = new Map<string, Meter>();
  const openedAt = time().steady;
  const readQueue = (queue: string, states: ReadonlyMap<string, { readonly tasks: number }>): QueueStats => {
    const { wall, steady } = time();
    const meter = meters.get(queue);
    const tally = meter?.tally;
    const rate = (span: number): number =>
      perSecond(meter, { minute: minuteOf(steady), span, openMs: steady - openedAt });
    const of = (state: TaskState): number => states.get(state)?.tasks ?? 0;
    const oldest = oldestReady(sql, queue);
    const paused = sql<[string], { reason: string }>("SELECT reason FROM pauses WHERE queue = ?").get(queue);
    return {
      states: Object.fromEntries(
        [...states].filter(([, { tasks }]) => tasks > 0).map(([state, { tasks }]) => [state, tasks]),
      ),
      ready: of("pending"),
      deferred: of("scheduled") + of("retry_wait"),
      oldestReadyMs: oldest === undefined ? undefined : Math.max(0, wall - oldest),
      waitMs: meter ? quantiles(meter.wait) : {},
      execMs: meter ? quantiles(meter.exec) : {},
      completedPerSecond: { m1: rate(1), m5: rate(5), m15: rate(15) },
      retryRatio: ratio(tally?.retries ?? 0, tally?.claims ?? 0),
      deadRatio: ratio(tally?.failed ?? 0, tally?.ended ?? 0),
      pausedFor: paused?.reason,
    };
  };

  return {
    watch(rows) {
      const minute = minuteOf(time().steady);
      for (const row of rows) {
        let meter = meters.get(row.queue);
        if (!meter) meters.set(row.queue, (meter = createMeter()));
        measure(meter, row, minute);
      }
    },
    read: (lastSeq) => ({
      lastSeq,
      queues: Object.fromEntries(
        [...unit.counts()].map(([queue, states]) => [queue, readQueue(queue, states)]),
      ),
    }),
  };
}
