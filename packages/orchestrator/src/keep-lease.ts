import type { Lease } from "@parley/queue";
import type { TaskStore } from "./port.ts";

/** Why an attempt was stopped from outside. */
type Stop = "lost" | "cancelled" | "interrupted";

/** A lease that is renewed while its attempt lasts. */
export interface KeptLease {
  /** Aborts when the lease is lost, the task is to be cancelled, or the caller leaves. */
  readonly signal: AbortSignal;
  readonly stopped: () => Stop | undefined;
  /** Stored at the next heartbeat. */
  progress(done: number, total?: number, message?: string): void;
  stop(): void;
}

/** Renews a lease at a third of its length, and ends the attempt when it is refused or asked to stop. */
export function keepLease(store: TaskStore, lease: Lease, outer: AbortSignal): KeptLease {
  const inner = new AbortController();
  let why: Stop | undefined;
  let news: object | undefined;
  const end = (stop: Stop): void => {
    why ??= stop;
    inner.abort();
  };
  const onOuter = (): void => end("interrupted");
  if (outer.aborted) onOuter();
  else outer.addEventListener("abort", onOuter, { once: true });
  const beat = async (): Promise<void> => {
    const said = news;
    news = undefined;
    try {
      const outcome = await store.heartbeat(lease, said);
      if (!outcome.ok && outcome.refusal.code !== "payload_too_large") end("lost");
      else if (outcome.ok && outcome.cancelRequested === true) end("cancelled");
    } catch {
      // A full disk or a busy queue: the next beat may come through, and the lease runs out if none does.
      news ??= said;
    }
  };
  const timer = setInterval(() => void beat(), Math.max(10, lease.leaseMs / 3)).unref();
  return {
    signal: inner.signal,
    stopped: () => why,
    progress(done, total, message) {
      news = {
        done,
        ...(total === undefined ? {} : { total }),
        ...(message === undefined ? {} : { message }),
      };
    },
    stop() {
      clearInterval(timer);
      outer.removeEventListener("abort", onOuter);
    },
  };
}
