import { endingOf, ParleyError, Stop } from "@parley/core";
import type { Ending } from "@parley/core";
import type { ToolContext } from "@parley/tool-registry";
import { LimitedContext } from "./limited-context.ts";

/** How long a call may take. */
export interface CallLimit {
  /** Names the call in the message. */
  readonly what: string;
  /** Time without progress. */
  readonly timeoutMs: number;
  /** Whether the caller follows it as a task, so that it may take as long as it goes on (default `false`). */
  readonly isFollowed?: boolean | undefined;
  /** Hears that the call is over. */
  readonly ended?: (() => void) | undefined;
}

/** The most a call may take however often it reports, as a multiple of its time-out. */
const mostExtensions = 10;

/** The error of a call that took too long. */
export function tooLate(what: string, timeoutMs: number): ParleyError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new ParleyError(
    "E_MCP_TIMEOUT",
    `${what} did not answer within ${seconds} s: try again, or give it more time with "timeout" in its entry or "Prefer: wait=SECONDS".`,
  );
}

/** The time of one call: over when the caller leaves, or when nothing is heard for too long. */
class CallDeadline extends Stop {
  readonly #limit: CallLimit;
  readonly #release: () => void;
  #startedAt = performance.now();
  #timer: NodeJS.Timeout;
  #holding = 0;
  #late: ParleyError | undefined;

  constructor(limit: CallLimit, caller: Ending) {
    super();
    this.#limit = limit;
    this.#timer = this.#expireIn(limit.timeoutMs);
    this.#release = caller.onAbort(() => this.abort(caller.reason));
  }

  /** The error of a call whose time is over; `undefined` while it is not. */
  get late(): ParleyError | undefined {
    return this.#late;
  }

  /** Progress was heard: the time begins anew, up to ten times in all. */
  extend(): void {
    if (this.#holding > 0) return;
    const { timeoutMs, isFollowed = false } = this.#limit;
    const left = isFollowed ? timeoutMs : this.#startedAt + mostExtensions * timeoutMs - performance.now();
    clearTimeout(this.#timer);
    this.#timer = this.#expireIn(Math.max(0, Math.min(timeoutMs, left)));
  }

  /** The time stands still while somebody else is waited for. @returns what lets it begin anew */
  hold(): () => void {
    const heldAt = performance.now();
    this.#holding += 1;
    clearTimeout(this.#timer);
    return () => {
      this.#holding -= 1;
      this.#startedAt += performance.now() - heldAt;
      if (!this.aborted) this.extend();
    };
  }

  end(): void {
    this.#holding += 1;
    clearTimeout(this.#timer);
    this.#release();
    this.#limit.ended?.();
  }

  #expireIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#late = tooLate(this.#limit.what, this.#limit.timeoutMs);
      this.abort(this.#late);
    }, ms);
  }
}

/**
 * Works within a time that each report of progress starts anew, and that stands still while the caller is asked.
 * @throws `E_MCP_TIMEOUT` when it is over
 */
export async function withinLimit<Value>(
  limit: CallLimit,
  context: ToolContext,
  work: (context: ToolContext) => Promise<Value>,
): Promise<Value> {
  const deadline = new CallDeadline(limit, context.ending ?? endingOf(context.signal));
  try {
    return await work(new LimitedContext(context, deadline));
  } catch (error) {
    throw deadline.late ?? error;
  } finally {
    deadline.end();
  }
}
