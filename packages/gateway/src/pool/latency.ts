/** How long the calls of one server take. */
export interface Latency {
  /** Weighted towards the last calls, in milliseconds; absent before the first. */
  readonly averageMs: number | undefined;
  /** What 95 of 100 of the last calls kept under; absent while too few were seen to say. */
  readonly p95Ms: number | undefined;
  add(ms: number): void;
}

/** Weight of the newest call. */
const alpha = 0.2;
const window = 128;
const fewest = 20;

export function createLatency(): Latency {
  const last: number[] = [];
  let next = 0;
  let averageMs: number | undefined;
  return {
    get averageMs() {
      return averageMs;
    },
    get p95Ms() {
      if (last.length < fewest) return undefined;
      return last.toSorted((left, right) => left - right)[Math.ceil(0.95 * last.length) - 1];
    },
    add(ms) {
      averageMs = averageMs === undefined ? ms : averageMs + alpha * (ms - averageMs);
      last[next] = ms;
      next = (next + 1) % window;
    },
  };
}
