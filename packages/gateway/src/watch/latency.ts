/** How long recent calls took. */
export interface Latency {
  /** Calls it is taken from. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** The durations of the last calls, of a fixed number. */
export interface LatencyWindow {
  add(durationMs: number): void;
  /** Nothing before the first call. */
  read(): Latency | undefined;
}

/** Calls looked at for the quantiles. */
const windowSize = 256;

export function createLatencyWindow(): LatencyWindow {
  const durations = new Float64Array(windowSize);
  let added = 0;
  return {
    add(durationMs) {
      durations[added % windowSize] = durationMs;
      added += 1;
    },
    read() {
      const count = Math.min(added, windowSize);
      if (count === 0) return undefined;
      const sorted = durations.slice(0, count).toSorted();
      const at = (share: number): number => sorted[Math.ceil(share * count) - 1] ?? 0;
      return { count, p50Ms: rounded(at(0.5)), p95Ms: rounded(at(0.95)) };
    },
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
