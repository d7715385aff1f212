import type { Settings } from "./options.ts";

/** Both clocks of a queue, read once per transaction. */
export interface QueueTime {
  /** Wall time: schedules, deadlines, records. */
  readonly wall: number;
  /** Time that only flows: leases, retries, rates. Anchored to the wall clock at start. */
  readonly steady: number;
}

/** A wall clock that is set back or forward while the queue runs neither ends nor lengthens a lease. */
export function createTime({ clock, monotonicMs }: Settings): () => QueueTime {
  const anchor = clock.now() - monotonicMs();
  return () => ({ wall: clock.now(), steady: Math.round(anchor + monotonicMs()) });
}
