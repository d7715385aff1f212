import { ParleyError } from "@parley/core";
import type { ToolContext } from "@parley/tool-registry";

/** How long a call may take. */
export interface CallLimit {
  /** Names the call in the message. */
  readonly what: string;
  /** Time without progress. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The time of one call: over when the caller leaves, or when nothing is heard for too long. */
interface CallDeadline {
  readonly signal: AbortSignal;
  /** The error of a call whose time is over; `undefined` while it is not. */
  reason(): ParleyError | undefined;
  /** Progress was heard: the time begins anew, up to ten times in all. */
  extend(): void;
  /** The time stands still while somebody else is waited for. @returns what lets it begin anew */
  hold(): () => void;
  end(): void;
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

function startDeadline({ what, timeoutMs, signal }: CallLimit): CallDeadline {
  const stop = new AbortController();
  let startedAt = performance.now();
  let reason: ParleyError | undefined;
  const expire = (): void => {
    reason = tooLate(what, timeoutMs);
    stop.abort(reason);
  };
  const leave = (): void => stop.abort(signal.reason);
  let timer = setTimeout(expire, timeoutMs);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  let holding = 0;
  const extend = (): void => {
    if (holding > 0) return;
    const left = startedAt + mostExtensions * timeoutMs - performance.now();
    clearTimeout(timer);
    timer = setTimeout(expire, Math.max(0, Math.min(timeoutMs, left)));
  };
  return {
    signal: stop.signal,
    reason: () => reason,
    extend,
    hold() {
      const heldAt = performance.now();
      holding += 1;
      clearTimeout(timer);
      return () => {
        holding -= 1;
        startedAt += performance.now() - heldAt;
        if (!stop.signal.aborted) extend();
      };
    },
    end() {
      holding += 1;
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    },
  };
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
  const deadline = startDeadline(limit);
  const progress: typeof context.progress = (...report) => {
    deadline.extend();
    context.progress(...report);
  };
  const input: typeof context.input = async (questions) => {
    const resume = deadline.hold();
    try {
      return await context.input(questions);
    } finally {
      resume();
    }
  };
  try {
    return await work({ ...context, signal: deadline.signal, progress, input });
  } catch (error) {
    throw deadline.reason() ?? error;
  } finally {
    deadline.end();
  }
}
