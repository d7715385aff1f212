import type { Context } from "./_context.ts";

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** How many more tasks of a queue may be given out in this transaction. */
export interface Room {
  readonly left: (queue: string) => number;
  readonly use: (queue: string) => void;
  /** Stores what was drawn from rate limits. */
  readonly write: () => void;
}

/** Tokens in a bucket now. A bucket is full when it is first looked at, and never fuller than its burst. */
function refill(context: Context, queue: string): number | undefined {
  const rate = context.settings.limits.queues?.[queue]?.rate;
  if (!rate) return undefined;
  const burst = Math.max(1, rate.burst ?? rate.perSecond);
  const stored = context.sql<[string], Bucket>("SELECT tokens, at FROM buckets WHERE queue = ?").get(queue);
  if (!stored) return burst;
  const elapsedMs = Math.max(0, context.time.steady - stored.at);
  return Math.min(burst, stored.tokens + (elapsedMs / 1000) * rate.perSecond);
}

/** Room that only a pause takes away. */
const roomWithoutLimits = ({ statements }: Context): Room => ({
  left: (queue) => (statements.isPaused(queue) ? 0 : Number.POSITIVE_INFINITY),
  use: () => {},
  write: () => {},
});

/** Looks up limits, pauses and rates once per queue. */
export function createRoom(context: Context): Room {
  const { limits } = context.settings;
  const limited = limits.queues !== undefined || limits.concurrency !== undefined;
  return limited ? createLimitedRoom(context) : roomWithoutLimits(context);
}

function createLimitedRoom(context: Context): Room {
  const { unit, settings, sql, statements, time } = context;
  const { concurrency = Number.POSITIVE_INFINITY, queues = {} } = settings.limits;
  const lefts = new Map<string, number>();
  const used = new Map<string, number>();
  const tokens = new Map<string, number>();
  const leased = (queue: string): number => unit.tasksIn(queue, "running") + unit.tasksIn(queue, "verifying");
  let all = Number.isFinite(concurrency)
    ? concurrency - [...unit.counts().keys()].reduce((sum, queue) => sum + leased(queue), 0)
    : concurrency;

  const look = (queue: string): number => {
    if (statements.isPaused(queue)) return 0;
    const available = refill(context, queue);
    if (available !== undefined) tokens.set(queue, available);
    const limit = queues[queue]?.concurrency ?? Number.POSITIVE_INFINITY;
    return Math.min(limit - leased(queue), Math.floor(available ?? Number.POSITIVE_INFINITY));
  };

  return {
    left(queue) {
      let left = lefts.get(queue);
      if (left === undefined) lefts.set(queue, (left = look(queue)));
      return Math.min(left - (used.get(queue) ?? 0), all);
    },
    use(queue) {
      used.set(queue, (used.get(queue) ?? 0) + 1);
      all -= 1;
    },
    write() {
      for (const [queue, available] of tokens) {
        const taken = used.get(queue) ?? 0;
        if (taken === 0) continue;
        sql<[string, number, number]>("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)").run(
          queue,
          available - taken,
          time.steady,
        );
      }
    },
  };
}
