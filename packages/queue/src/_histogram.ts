/** Buckets per doubling: a quantile is at most 9 % off. */
const perOctave = 8;

/** Durations by logarithmic bucket, as HdrHistogram counts them. */
export interface Histogram {
  readonly add: (milliseconds: number) => void;
  readonly quantile: (p: number) => number | undefined;
}

/** Quantiles of durations (ms) in constant memory. */
export function createHistogram(): Histogram {
  const buckets = new Map<number, number>();
  let total = 0;
  return {
    add(milliseconds) {
      const bucket = milliseconds < 1 ? 0 : 1 + Math.floor(Math.log2(milliseconds) * perOctave);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      total += 1;
    },
    quantile(p) {
      let seen = 0;
      for (const [bucket, count] of [...buckets].toSorted(([left], [right]) => left - right)) {
        seen += count;
        if (seen >= p * total) return bucket === 0 ? 0 : Math.round(2 ** (bucket / perOctave));
      }
      return undefined;
    },
  };
}
