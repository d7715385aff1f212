import { InFlight } from "./in-flight.ts";

/** The end of some work before its time, as far as that is known. */
export interface Ending {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** For what takes nothing else; making one costs more than listening here. */
  readonly signal: AbortSignal;
  /** Calls back once when it comes, at once when it has. @returns what takes it back */
  onAbort(then: () => void): () => void;
}

const nothing = (): void => undefined;

/**
 * An `AbortController` for work that is begun thousands of times a second and hardly ever ended before its time: its
 * signal is made when it is first read, and listening without one costs an entry in a set.
 */
export class Stop implements Ending {
  aborted = false;
  reason: unknown = undefined;
  #controller: AbortController | undefined;
  #only: (() => void) | undefined;
  #more: InFlight<() => void> | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown = new DOMException("This operation was aborted", "AbortError")): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    const only = this.#only;
    this.#only = undefined;
    only?.();
    const more = this.#more?.members() ?? [];
    this.#more = undefined;
    for (const then of more) then();
  }

  onAbort(then: () => void): () => void {
    if (this.aborted) {
      then();
      return nothing;
    }
    // One listens to most, thousands to the end of a session.
    if (this.#only !== undefined) return (this.#more ??= new InFlight()).add(then);
    this.#only = then;
    return () => {
      if (this.#only === then) this.#only = undefined;
    };
  }
}

/** A signal as an {@link Ending}. */
export function endingOf(signal: AbortSignal): Ending {
  return new SignalEnding(signal);
}

class SignalEnding implements Ending {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get aborted(): boolean {
    return this.signal.aborted;
  }

  get reason(): unknown {
    return this.signal.reason;
  }

  onAbort(then: () => void): () => void {
    const { signal } = this;
    if (signal.aborted) {
      then();
      return nothing;
    }
    signal.addEventListener("abort", then, { once: true });
    return () => signal.removeEventListener("abort", then);
  }
}
