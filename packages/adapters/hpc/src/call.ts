import { ParleyError } from "@parley/core";
import { createRun, type Run } from "@parley/exec";
import type { ToolContext } from "@parley/tool-registry";
import { setTimeout as delay } from "node:timers/promises";
import type { HpcOptions } from "./options.ts";

/** What a running operation works with. */
export interface Call {
  readonly options: HpcOptions;
  /** Runs a program without a shell; `execute` is the usual way. */
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Milliseconds for one program. */
  readonly timeoutMs: number;
  /** Whether the call may take as long as it needs; otherwise it had better end within a minute. */
  readonly mayOutlive: boolean;
  /** What the calls of one toolkit keep between them, by name. */
  readonly kept: Map<string, unknown>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  progress: ToolContext["progress"];
}

/** Options of an operation called as a function. */
export interface CallOptions extends HpcOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
  /** Default true: a function's caller waits as long as it likes. */
  readonly mayOutlive?: boolean | undefined;
}

/** Makes the call of an operation. */
export function openCall(options: CallOptions, kept: Map<string, unknown> = new Map()): Call {
  const signal = options.signal ?? new AbortController().signal;
  const sleep = options.sleep ?? pause;
  return {
    options,
    run: options.run ?? createRun(),
    env: options.env ?? process.env,
    signal,
    timeoutMs: options.timeoutMs ?? 30_000,
    mayOutlive: options.mayOutlive ?? true,
    kept,
    now: options.now ?? Date.now,
    sleep: (ms) => sleep(ms, signal),
    progress: options.progress ?? (() => undefined),
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw new ParleyError("E_INTERRUPTED", "The wait was interrupted.");
  });
}
