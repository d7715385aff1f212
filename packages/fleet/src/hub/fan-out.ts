import { setMaxListeners } from "node:events";
import { ParleyError, toParleyError } from "@parley/core";
import pLimit from "p-limit";
import type { FanOutMode } from "./config.ts";

/** One worker's outcome of a question put to many. */
export type Outcome<Value> =
  | { readonly id: string; readonly ok: true; readonly value: Value; readonly durationMs: number }
  | { readonly id: string; readonly ok: false; readonly error: ParleyError; readonly durationMs: number };

export interface FanOutOptions<Target, Value> {
  readonly mode: FanOutMode;
  /** Milliseconds each target has once its turn came. */
  readonly timeoutMs: number;
  /** Milliseconds for all of them; who had no turn by then is an outcome that says so. */
  readonly totalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly now: () => number;
  /** Told of each outcome as it comes in, with how many there are by then. */
  readonly onOutcome?: ((outcome: Outcome<Value>, done: number) => void) | undefined;
  readonly ask: (target: Target, signal: AbortSignal) => Promise<Value>;
}

/**
 * Asks every target and returns every outcome in the order of the targets. One that hangs, fails or lies costs
 * its own place only; nothing is awaited past its deadline, even if `ask` ignores its signal.
 */
export async function fanOut<Target extends { readonly id: string }, Value>(
  targets: readonly Target[],
  options: FanOutOptions<Target, Value>,
): Promise<readonly Outcome<Value>[]> {
  const { mode, now } = options;
  const width =
    mode.kind === "serial" ? 1 : mode.kind === "batched" ? Math.max(1, mode.size) : targets.length || 1;
  const limit = pLimit(width);
  // Every target listens to the one signal of the caller; a thousand listeners are no leak.
  if (options.signal) setMaxListeners(0, options.signal);
  const endMs = options.totalMs === undefined ? Infinity : now() + options.totalMs;
  let done = 0;
  return Promise.all(
    targets.map((target) =>
      limit(async () => {
        const outcome = await one(target, {
          ...options,
          timeoutMs: Math.min(options.timeoutMs, endMs - now()),
        });
        done += 1;
        options.onOutcome?.(outcome, done);
        return outcome;
      }),
    ),
  );
}

async function one<Target extends { readonly id: string }, Value>(
  target: Target,
  options: FanOutOptions<Target, Value>,
): Promise<Outcome<Value>> {
  const { timeoutMs, now } = options;
  const startedMs = now();
  const { id } = target;
  const late = `Worker ${id} did not answer within ${(timeoutMs / 1000).toFixed(1)} s.`;
  try {
    if (timeoutMs <= 0)
      throw new ParleyError("E_MCP_TIMEOUT", `Worker ${id} was not asked before the deadline.`);
    const value = await withDeadline((signal) => options.ask(target, signal), { ...options, late });
    return { id, ok: true, value, durationMs: now() - startedMs };
  } catch (error) {
    return { id, ok: false, error: toParleyError(error, "E_TOOL_FAILED"), durationMs: now() - startedMs };
  }
}

interface Deadline {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly late: string;
}

/** Runs work that must end by a deadline; the work's signal is aborted when it does not. */
async function withDeadline<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
  deadline: Deadline,
): Promise<Value> {
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const cut = new Promise<never>((_resolve, reject) => {
    const end = (error: ParleyError): void => {
      reject(error);
      own.abort(error);
    };
    timer = setTimeout(() => end(new ParleyError("E_MCP_TIMEOUT", deadline.late)), deadline.timeoutMs);
    onAbort = () => end(new ParleyError("E_INTERRUPTED", "Interrupted."));
    if (deadline.signal?.aborted) onAbort();
    else deadline.signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work(own.signal), cut]);
  } finally {
    clearTimeout(timer);
    if (onAbort) deadline.signal?.removeEventListener("abort", onAbort);
  }
}
