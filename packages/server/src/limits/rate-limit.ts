import type { Clock } from "@parley/core";
import { LRUCache } from "lru-cache";

/** So many requests in a time; as many may come at once after a pause. */
export interface Rate {
  readonly count: number;
  readonly perSeconds: number;
}

/** Counts by key, each key a bucket of its own. */
export interface RateLimit {
  /** Takes `amount` from the key's bucket. @returns seconds to wait, 0 when there was enough */
  take(key: string, amount?: number): number;
  /** What {@link take} would answer, with nothing taken. */
  wait(key: string): number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Keys remembered; the least recently seen one starts anew beyond that. */
const maxKeys = 20_000;

/** Token buckets that refill steadily. */
export function createRateLimit({ count, perSeconds }: Rate, clock: Clock): RateLimit {
  // Bounded by size and not by `max`, which would set the whole room aside for each of many servers in a process.
  const buckets = new LRUCache<string, Bucket>({ maxSize: maxKeys, sizeCalculation: () => 1 });
  const perMs = count / (perSeconds * 1000);

  const fill = (key: string): Bucket => {
    const now = clock.now();
    const bucket = buckets.get(key);
    if (bucket === undefined) {
      const full = { tokens: count, filledAt: now };
      buckets.set(key, full);
      return full;
    }
    // A clock set back adds nothing.
    bucket.tokens = Math.min(count, bucket.tokens + Math.max(0, now - bucket.filledAt) * perMs);
    bucket.filledAt = now;
    return bucket;
  };
  const secondsFor = (bucket: Bucket, amount: number): number =>
    bucket.tokens >= amount ? 0 : Math.max(1, Math.ceil((amount - bucket.tokens) / perMs / 1000));

  return {
    take(key, amount = 1) {
      const bucket = fill(key);
      const wait = secondsFor(bucket, amount);
      if (wait === 0) bucket.tokens -= amount;
      return wait;
    },
    // A key that has taken nothing has all, and needs no bucket for that.
    wait: (key) => (buckets.has(key) ? secondsFor(fill(key), 1) : 0),
  };
}
