import { z } from "zod";
import { seqOf } from "./_ids.ts";
import type { EventRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import { viewEvent } from "./_views.ts";
import type { QueueEvent } from "./schema.ts";

/** Events kept in memory for followers that are nearly up to date; none while nobody follows. */
const tailEvents = 8192;
const pageEvents = 1000;

/** Where to read the log from, and how much. */
export const EventQuery = z.strictObject({
  /** Only events with a higher number. */
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(pageEvents).default(pageEvents),
  /** Only events of this task. */
  taskId: z.string().optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

/** Where a subscription begins and what ends it. */
export interface SubscribeOptions {
  /** The last event already seen; from now on when absent. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Readers of the log. */
export interface Feed {
  readonly read: (query: EventQuery) => readonly QueueEvent[];
  readonly subscribe: (options: SubscribeOptions) => AsyncGenerator<QueueEvent, void, undefined>;
  readonly publish: (rows: readonly EventRow[]) => void;
  readonly lastSeq: () => number;
  readonly close: () => void;
}

/** An event that is shaped for readers once, when the first one asks. */
interface Lazy {
  readonly row: EventRow;
  view?: QueueEvent;
}

/** Followers keep a cursor and nothing else: a slow one reads the table and costs the others nothing. */
export function createFeed(sql: Sql, start: number): Feed {
  let tail: Lazy[] = [];
  let last = start;
  let closed = false;
  let followers = 0;
  const wakers = new Set<() => void>();

  const read = ({ after, limit, taskId }: EventQuery): QueueEvent[] => {
    const rows =
      taskId === undefined
        ? sql<[number, number], EventRow>("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?+0").all(
            after,
            limit,
          )
        : sql<[number, string, number, number], EventRow>(
            "SELECT * FROM events WHERE taskSeq = ? AND taskId = ? AND seq > ? ORDER BY seq LIMIT ?+0",
          ).all(seqOf(taskId), taskId, after, limit);
    return rows.map(viewEvent);
  };

  const next = (after: number): readonly QueueEvent[] => {
    if (after >= last) return [];
    const first = tail[0]?.row.seq;
    if (first === undefined || after < first - 1) return read({ after, limit: pageEvents });
    const from = after - first + 1;
    return tail.slice(from, from + pageEvents).map((entry) => (entry.view ??= viewEvent(entry.row)));
  };

  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      wakers.add(resolve);
    });

  const wakeAll = (): void => {
    const woken = [...wakers];
    wakers.clear();
    for (const wake of woken) wake();
  };

  return {
    read,
    async *subscribe({ after = last, signal }) {
      const over = (): boolean => closed || signal?.aborted === true;
      // One listener for the whole subscription: a signal with many listeners is slow to lose one.
      signal?.addEventListener("abort", wakeAll, { once: true });
      followers += 1;
      try {
        for (let cursor = after; !over();) {
          const events = next(cursor);
          if (events.length === 0) await wait();
          for (const event of events) {
            if (over()) return;
            cursor = event.seq;
            yield event;
          }
        }
      } finally {
        followers -= 1;
        signal?.removeEventListener("abort", wakeAll);
      }
    },
    publish(rows) {
      const newest = rows.at(-1);
      if (!newest) return;
      last = newest.seq;
      if (followers === 0) {
        tail = [];
        return;
      }
      for (const row of rows) tail.push({ row });
      if (tail.length > 2 * tailEvents) tail = tail.slice(-tailEvents);
      wakeAll();
    },
    lastSeq: () => last,
    close() {
      closed = true;
      wakeAll();
    },
  };
}
