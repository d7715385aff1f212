import { setMaxListeners } from "node:events";
import { ParleyError } from "@parley/core";
import type { Peer } from "./_peer.ts";
import type { McpCallOptions } from "./options.ts";

/** The time a call has, and the signal that ends it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Starts the time-out anew; never beyond the total. */
  extend(): void;
  /** Does work on this side, such as asking a person, while the peer's time stands still. */
  readonly aside: <Result>(work: Promise<Result>) => Promise<Result>;
  /** Why the call was ended, when it was. */
  reason(): Error | undefined;
  /** Awaits work that others share, but no longer than this call may last. */
  within<Result>(work: Promise<Result>): Promise<Result>;
  end(): void;
}

interface DeadlineOptions {
  readonly peer: Peer;
  /** What is called, for the message: `tools/call status`. */
  readonly what: string;
  readonly defaultTimeoutMs: number;
  readonly call: Pick<McpCallOptions, "timeoutMs" | "maxTotalMs" | "signal" | "onProgress">;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
}

/** A promise that a signal rejects, and how to give its listener back. */
function interruption(signal: AbortSignal): { promise: Promise<never>; give: () => void } {
  let onAbort: (() => void) | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  return { promise, give: () => onAbort && signal.removeEventListener("abort", onAbort) };
}

/** A timer over the time a peer has, which can stand still. */
function startTimer(timeoutMs: number, totalMs: number, expire: (elapsedMs: number) => void) {
  const start = performance.now();
  let asideMs = 0;
  let cleared = false;
  let aside: { since: number; count: number } | undefined;
  const elapsed = (): number => performance.now() - start - asideMs;
  let timer: NodeJS.Timeout | undefined;
  const extend = (): void => {
    clearTimeout(timer);
    if (aside || cleared) return;
    timer = setTimeout(() => expire(elapsed()), Math.max(0, Math.min(timeoutMs, totalMs - elapsed())));
  };
  extend();
  return {
    extend,
    stand() {
      clearTimeout(timer);
      aside ??= { since: performance.now(), count: 0 };
      aside.count += 1;
    },
    go() {
      if (!aside || (aside.count -= 1) > 0) return;
      asideMs += performance.now() - aside.since;
      aside = undefined;
      extend();
    },
    clear() {
      cleared = true;
      clearTimeout(timer);
    },
  };
}

/** Begins a call's deadline; `end` must run whatever happens. */
export function startDeadline({ peer, what, defaultTimeoutMs, call, closing }: DeadlineOptions): Deadline {
  const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
  const controller = new AbortController();
  const totalMs = call.onProgress ? (call.maxTotalMs ?? 10 * timeoutMs) : timeoutMs;
  let why: ParleyError | undefined;
  const stop = (error: ParleyError): void => {
    why ??= error;
    controller.abort(why);
  };
  const timer = startTimer(timeoutMs, totalMs, (elapsedMs) => {
    const seconds = Math.round(elapsedMs) / 1000;
    const message = `${peer.host} did not answer ${what} within ${seconds} s: ask for less, or raise the time-out.`;
    stop(new ParleyError("E_MCP_TIMEOUT", message, { details: { ...peer.where, call: what } }));
  });
  const interrupt = (): void =>
    stop(new ParleyError("E_INTERRUPTED", `The call of ${what} at ${peer.host} was ended.`));
  for (const signal of [call.signal, closing]) {
    if (!signal) continue;
    if (signal.aborted) interrupt();
    // One signal may end a thousand calls at once; each takes its listener away again.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", interrupt, { once: true });
  }

  const within = async <Result>(work: Promise<Result>): Promise<Result> => {
    if (why) throw why;
    const { promise, give } = interruption(controller.signal);
    try {
      return await Promise.race([work, promise]);
    } finally {
      give();
    }
  };

  return {
    signal: controller.signal,
    extend() {
      if (!why) timer.extend();
    },
    async aside(work) {
      timer.stand();
      try {
        return await within(work);
      } finally {
        if (!why) timer.go();
      }
    },
    reason: () => why,
    within,
    end() {
      timer.clear();
      call.signal?.removeEventListener("abort", interrupt);
      closing.removeEventListener("abort", interrupt);
    },
  };
}
