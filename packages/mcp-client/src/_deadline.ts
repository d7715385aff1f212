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

/** What runs under each long-lived signal: a listener apiece would make each call cost what all running ones count. */
const ends = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when a signal is aborted. @returns what takes it back */
function onAbort(signal: AbortSignal, then: () => void): () => void {
  let listening = ends.get(signal);
  if (listening === undefined) {
    const all = new Set<() => void>();
    signal.addEventListener("abort", () => all.forEach((each) => each()), { once: true });
    ends.set(signal, all);
    listening = all;
  }
  listening.add(then);
  return () => void listening.delete(then);
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
  const totalMs = call.onProgress ? (call.maxTotalMs ?? 10 * timeoutMs) : timeoutMs;
  const awaiting = new Set<(why: Error) => void>();
  // Made for who reads it: most calls over a stream end without one.
  let controller: AbortController | undefined;
  let why: ParleyError | undefined;
  const stop = (error: ParleyError): void => {
    if (why) return;
    why = error;
    controller?.abort(why);
    for (const reject of awaiting) reject(why);
  };
  const timer = startTimer(timeoutMs, totalMs, (elapsedMs) => {
    const seconds = elapsedMs < 950 ? Math.round(elapsedMs) / 1000 : Math.round(elapsedMs / 100) / 10;
    const message = `${peer.host} did not answer ${what} within ${seconds} s: ask for less, or raise the time-out.`;
    stop(new ParleyError("E_MCP_TIMEOUT", message, { details: { ...peer.where, call: what } }));
  });
  const interrupt = (): void =>
    stop(new ParleyError("E_INTERRUPTED", `The call of ${what} at ${peer.host} was ended.`));
  if (call.signal?.aborted === true || closing.aborted) interrupt();
  const give = [call.signal, closing].flatMap((signal) => (signal ? onAbort(signal, interrupt) : []));

  const within = <Result>(work: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (why) return reject(why);
      awaiting.add(reject);
      work.then(resolve, reject).finally(() => awaiting.delete(reject));
    });

  return {
    get signal() {
      controller ??= new AbortController();
      if (why) controller.abort(why);
      return controller.signal;
    },
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
      for (const take of give) take();
    },
  };
}
