import { ParleyError } from "@parley/core";
import type { ProviderCallOptions } from "./provider.ts";

/** A value and when it was read. */
export interface Timed<Value> {
  readonly value: Value;
  readonly observedAtMs: number;
}

export interface CacheOptions<Value> {
  readonly now: () => number;
  readonly ttlMs: number;
  /** Milliseconds one load may take; it goes on when the caller that started it has left. */
  readonly loadTimeoutMs: number;
  /** Values not worth keeping, such as failures. Default: every value is kept. */
  readonly keep?: ((value: Value) => boolean) | undefined;
}

/**
 * One slow reading shared by all callers. At most one load runs at a time; a caller that gives up does not take
 * the load away from the others.
 */
export function createCache<Value>(
  options: CacheOptions<Value>,
  load: (options: ProviderCallOptions) => Promise<Value>,
): (callOptions?: ProviderCallOptions) => Promise<Timed<Value>> {
  const { now, ttlMs, loadTimeoutMs, keep = () => true } = options;
  let kept: Timed<Value> | undefined;
  let flight: Promise<Timed<Value>> | undefined;

  async function start(): Promise<Timed<Value>> {
    try {
      const value = await load({ timeoutMs: loadTimeoutMs });
      const timed = { value, observedAtMs: now() };
      if (keep(value)) kept = timed;
      return timed;
    } finally {
      flight = undefined;
    }
  }

  return async (callOptions = {}) => {
    if (callOptions.signal?.aborted) throw new ParleyError("E_INTERRUPTED", "Interrupted.");
    if (kept !== undefined && now() - kept.observedAtMs < ttlMs) return kept;
    flight ??= start();
    return abortable(flight, callOptions.signal);
  };
}

/** Settles as the promise does, or rejects with `E_INTERRUPTED` when the signal is first. */
async function abortable<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return promise;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new ParleyError("E_INTERRUPTED", "Interrupted."));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
