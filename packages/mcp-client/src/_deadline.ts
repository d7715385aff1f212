import { endingOf, InFlight, ParleyError, Stop } from "@parley/core";
import type { Ending } from "@parley/core";
import type { Peer } from "./_peer.ts";
import type { McpCallOptions } from "./options.ts";

/** The time a call has, and the signal that ends it. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly ending: Ending;
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
  readonly call: Pick<McpCallOptions, "timeoutMs" | "maxTotalMs" | "signal" | "ending" | "onProgress">;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
}

/** What runs under each long-lived signal: a listener apiece would make each call cost what all running ones count. */
const ends = new WeakMap<AbortSignal, InFlight<() => void>>();

/** Calls back when a signal is aborted. @returns what takes it back */
function onAbort(signal: AbortSignal, then: () => void): () => void {
  let listening = ends.get(signal);
  if (listening === undefined) {
    const all = new InFlight<() => void>();
    signal.addEventListener("abort", () => all.members().forEach((each) => each()), { once: true });
    ends.set(signal, all);
    listening = all;
  }
  return listening.add(then);
}

/** A timer over the time a peer has, which can stand still. */
class Timer {
  readonly #start = performance.now();
  readonly #timeoutMs: number;
  readonly #totalMs: number;
  readonly #expire: (elapsedMs: number) => void;
  #asideMs = 0;
  #asideSince = 0;
  #asides = 0;
  #isCleared = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, totalMs: number, expire: (elapsedMs: number) => void) {
    this.#timeoutMs = timeoutMs;
    this.#totalMs = totalMs;
    this.#expire = expire;
    this.extend();
  }

  extend(): void {
    clearTimeout(this.#timer);
    const ms = Math.min(this.#timeoutMs, this.#totalMs - this.#elapsed());
    if (this.#asides > 0 || this.#isCleared || ms === Infinity) return;
    this.#timer = setTimeout(() => this.#expire(this.#elapsed()), Math.max(0, ms));
  }

  stand(): void {
    clearTimeout(this.#timer);
    if (this.#asides === 0) this.#asideSince = performance.now();
    this.#asides += 1;
  }

  go(): void {
    if (this.#asides === 0 || (this.#asides -= 1) > 0) return;
    this.#asideMs += performance.now() - this.#asideSince;
    this.extend();
  }

  clear(): void {
    this.#isCleared = true;
    clearTimeout(this.#timer);
  }

  #elapsed(): number {
    return performance.now() - this.#start - this.#asideMs;
  }
}

/** Begins a call's deadline; `end` must run whatever happens. */
export function startDeadline(options: DeadlineOptions): Deadline {
  return new CallDeadline(options);
}

/** A deadline of which some parts are others. */
export function changedDeadline(deadline: Deadline, changes: Partial<Deadline>): Deadline {
  return {
    get signal() {
      return changes.signal ?? deadline.signal;
    },
    ending: changes.signal === undefined ? deadline.ending : endingOf(changes.signal),
    extend: changes.extend ?? (() => deadline.extend()),
    aside: changes.aside ?? ((work) => deadline.aside(work)),
    reason: changes.reason ?? (() => deadline.reason()),
    within: changes.within ?? ((work) => deadline.within(work)),
    end: changes.end ?? (() => deadline.end()),
  };
}

class CallDeadline implements Deadline {
  readonly #options: DeadlineOptions;
  readonly #stop = new Stop();
  readonly #timer: Timer;
  readonly #releases: (() => void)[] = [];

  constructor(options: DeadlineOptions) {
    this.#options = options;
    const { call, closing } = options;
    const timeoutMs = call.timeoutMs ?? options.defaultTimeoutMs;
    const totalMs = call.onProgress ? (call.maxTotalMs ?? 10 * timeoutMs) : timeoutMs;
    this.#timer = new Timer(timeoutMs, totalMs, (elapsedMs) => this.#expire(elapsedMs));
    const interrupt = (): void => this.#interrupt();
    if (call.signal?.aborted === true || closing.aborted) interrupt();
    if (call.signal !== undefined) this.#releases.push(onAbort(call.signal, interrupt));
    if (call.ending !== undefined) this.#releases.push(call.ending.onAbort(interrupt));
    this.#releases.push(onAbort(closing, interrupt));
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get ending(): Ending {
    return this.#stop;
  }

  reason(): Error | undefined {
    // Nothing but the two errors below stops it.
    return this.#stop.aborted ? (this.#stop.reason as Error) : undefined;
  }

  extend(): void {
    if (!this.#stop.aborted) this.#timer.extend();
  }

  // Handed on by itself.
  get aside(): Deadline["aside"] {
    return (work) => this.#aside(work);
  }

  async #aside<Result>(work: Promise<Result>): Promise<Result> {
    this.#timer.stand();
    try {
      return await this.within(work);
    } finally {
      if (!this.#stop.aborted) this.#timer.go();
    }
  }

  within<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const release = this.#stop.onAbort(() => reject(this.reason()));
      work.then(resolve, reject);
      work.then(release, release);
    });
  }

  end(): void {
    this.#timer.clear();
    for (const release of this.#releases) release();
  }

  #expire(elapsedMs: number): void {
    const { peer, what } = this.#options;
    const seconds = elapsedMs < 950 ? Math.round(elapsedMs) / 1000 : Math.round(elapsedMs / 100) / 10;
    const message = `${peer.host} did not answer ${what} within ${seconds} s: ask for less, or raise the time-out.`;
    this.#stop.abort(new ParleyError("E_MCP_TIMEOUT", message, { details: { ...peer.where, call: what } }));
  }

  #interrupt(): void {
    const { peer, what } = this.#options;
    this.#stop.abort(new ParleyError("E_INTERRUPTED", `The call of ${what} at ${peer.host} was ended.`));
  }
}
