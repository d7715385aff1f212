import { type Clock, ParleyError, systemClock } from "@parley/core";
import { errorResult, type Registry, type ToolContext, type ToolResult } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import { type CallRecord, type Observer, outcomeOf, outcomeOfThrown } from "./observer.ts";

/** One tool call as a protocol path hands it over. */
interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly signal?: AbortSignal | undefined;
  /** Ends the call; for who would otherwise have to make a controller of their own. */
  readonly controller?: AbortController | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
  readonly log?: ToolContext["log"] | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** Runs tool calls with a deadline and knows how many are running. */
export interface Calls {
  /** @throws `E_TOOL_UNKNOWN`, `E_AUTH_FORBIDDEN` */
  run(call: ToolCall): Promise<ToolResult>;
  /** Resolves when no call runs, or after `graceMs`, when those still running are aborted. */
  drain(graceMs: number): Promise<void>;
}

interface CallsOptions {
  readonly registry: Registry;
  /** 0 means no deadline. */
  readonly deadlineMs: number;
  readonly observers?: readonly Observer[] | undefined;
  readonly clock?: Clock | undefined;
}

const ignore = (): void => undefined;

export function createCalls(options: CallsOptions): Calls {
  const { registry, deadlineMs, observers = [], clock = systemClock } = options;
  const running = new Set<AbortController>();
  let idle: (() => void) | undefined;

  const finish = (controller: AbortController): void => {
    running.delete(controller);
    if (running.size === 0) idle?.();
  };

  const observe = (call: ToolCall, startedAt: number, came: Pick<CallRecord, "outcome" | "code">): void => {
    const { name, args, _meta } = call;
    const durationMs = clock.now() - startedAt;
    const record = { kind: "tool", name, caller: call.caller.name, startedAt, durationMs, args } as const;
    for (const observer of observers) {
      observer.called?.({ ...record, ...came, ...(_meta === undefined ? {} : { _meta }) });
    }
  };

  const runOne = async (call: ToolCall): Promise<ToolResult> => {
    const controller = call.controller ?? new AbortController();
    const abort = (): void => controller.abort(call.signal?.reason);
    if (call.signal?.aborted === true) abort();
    call.signal?.addEventListener("abort", abort, { once: true });
    running.add(controller);
    try {
      return await withDeadline(registry.call(call.name, call.args, contextOf(call, controller.signal)), {
        deadlineMs,
        controller,
        name: call.name,
      });
    } finally {
      call.signal?.removeEventListener("abort", abort);
      finish(controller);
    }
  };

  return {
    async run(call) {
      if (observers.length === 0) return await runOne(call);
      const startedAt = clock.now();
      try {
        const result = await runOne(call);
        observe(call, startedAt, outcomeOf(result));
        return result;
      } catch (error) {
        observe(call, startedAt, outcomeOfThrown(error));
        throw error;
      }
    },
    async drain(graceMs) {
      if (running.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        idle = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
      const closing = new ParleyError("E_INTERRUPTED", "The server is closing.");
      for (const controller of running) controller.abort(closing);
    },
  };
}

function contextOf(call: ToolCall, signal: AbortSignal): ToolContext {
  return {
    signal,
    caller: call.caller.name,
    scopes: call.caller.scopes,
    progress: call.progress ?? ignore,
    log: call.log ?? ignore,
    ...(call._meta === undefined ? {} : { _meta: call._meta }),
  };
}

interface Deadline {
  readonly deadlineMs: number;
  readonly controller: AbortController;
  readonly name: string;
}

/** A tool that ignores its signal is left behind; its caller gets an answer all the same. */
async function withDeadline(
  result: Promise<ToolResult>,
  { deadlineMs, controller, name }: Deadline,
): Promise<ToolResult> {
  if (deadlineMs === 0) return await result;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ToolResult>((resolve) => {
    timer = setTimeout(() => {
      const message = `Tool "${name}" did not finish within ${deadlineMs} ms.`;
      const error = new ParleyError("E_MCP_TIMEOUT", message);
      resolve(errorResult(error));
      controller.abort(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
