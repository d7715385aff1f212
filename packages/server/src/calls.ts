import { type InputRequiredResult, MissingRequiredClientCapabilityError } from "@modelcontextprotocol/server";
import { type Clock, type ErrorRecord, ParleyError, systemClock } from "@parley/core";
import {
  type Asking,
  errorOf,
  errorResult,
  type Registry,
  type ToolContext,
  type ToolResult,
} from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import { createCallAsking, type Round } from "./call-asking.ts";
import { withDeadline } from "./deadline.ts";
import { isOpen } from "./is-open.ts";
import { type CallRecord, type Observer, outcomeOf, outcomeOfThrown } from "./observer.ts";
import type { StateSeal } from "./request-state.ts";
import { traced, type TracedRequest } from "./tracing.ts";

/** One call as a protocol path hands it over. */
export interface Call {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly round: Round;
  readonly signal?: AbortSignal | undefined;
  /** Ends the call; for who would otherwise have to make a controller of their own. */
  readonly controller?: AbortController | undefined;
  readonly progress?: ToolContext["progress"] | undefined;
  readonly log?: ToolContext["log"] | undefined;
  readonly logLevel?: ToolContext["logLevel"];
  readonly hangUp?: ToolContext["hangUp"] | undefined;
  readonly session?: ToolContext["session"];
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  /** Has no deadline: something else ends it. */
  readonly unbounded?: boolean | undefined;
  readonly mayOutlive?: boolean | undefined;
  readonly outlive?: ToolContext["outlive"] | undefined;
  /** Changes how the call asks its client. */
  readonly asking?: ((usual: Asking) => Asking) | undefined;
}

/** How one kind of call is run, and what its caller gets when it is late. */
interface Work<Value> {
  readonly kind: CallRecord["kind"];
  run(context: ToolContext): Promise<Value>;
  readonly late: (error: ParleyError) => Value;
}

/** Runs calls with a deadline, lets them ask their client, and knows how many are running. */
export interface Calls {
  /** Calls a tool. @throws `E_TOOL_UNKNOWN`, `E_AUTH_FORBIDDEN`, `E_SERVER_BUSY`, `-32021` where the client cannot be asked */
  run(call: Call): Promise<ToolResult | InputRequiredResult>;
  /** Runs any other kind of call. */
  perform<Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult>;
  /** @throws `E_SERVER_BUSY` when one more call would be too many */
  checkRoom(): void;
  /**
   * Takes the place of one call for work that is none of a registry's.
   * @returns gives the place back; may be called again
   * @throws `E_SERVER_BUSY`, `E_SERVER_CLOSING`
   */
  enter(): () => void;
  /**
   * Takes no more calls, and waits until none runs or `graceMs` are over, when those still running are aborted.
   * @param before - settled before anything is aborted
   * @returns whether all had ended by themselves
   */
  drain(graceMs: number, before?: Promise<unknown>): Promise<boolean>;
  readonly running: number;
  /** Whether calls are refused with `E_SERVER_CLOSING`. */
  readonly draining: boolean;
}

/** Options of {@link createCalls}. */
export interface CallsOptions {
  readonly registry: Registry;
  readonly seal: StateSeal;
  /** 0 means no deadline. */
  readonly deadlineMs: number;
  /** Calls that may run at once; default any number. */
  readonly maxCalls?: number | undefined;
  readonly observers?: readonly Observer[] | undefined;
  readonly clock?: Clock | undefined;
}

const ignore = (): void => undefined;

export function createCalls(options: CallsOptions): Calls {
  const { registry, seal, deadlineMs, maxCalls = Infinity, observers = [], clock = systemClock } = options;
  const running = new Set<AbortController>();
  let idle: (() => void) | undefined;
  let draining = false;

  const finish = (controller: AbortController): void => {
    running.delete(controller);
    if (running.size === 0) idle?.();
  };

  const checkRoom = (): void => {
    if (running.size < maxCalls) return;
    throw new ParleyError("E_SERVER_BUSY", `${maxCalls} calls are running; try again in a moment.`, {
      details: { retryAfterSeconds: 1 },
    });
  };

  const runOne = async <Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult> => {
    checkRoom();
    const controller = call.controller ?? new AbortController();
    const abort = (): void => controller.abort(call.signal?.reason);
    if (call.signal?.aborted === true) abort();
    call.signal?.addEventListener("abort", abort, { once: true });
    running.add(controller);
    try {
      const { name, args, caller, round } = call;
      const identity = (): readonly unknown[] => [caller.name, work.kind, name, args ?? {}];
      const { asking, unanswered } = createCallAsking({ round, seal, identity });
      const asks = call.asking === undefined ? asking : call.asking(asking);
      const context: ToolContext = { ...asks, ...contextOf(call, controller.signal) };
      const settled = await settle(
        withDeadline(work.run(context), {
          deadlineMs: call.unbounded === true ? 0 : deadlineMs,
          controller,
          what: () => `${titles[work.kind]} "${name}"`,
          late: work.late,
        }),
      );
      return (await unanswered()) ?? outcome(settled, round);
    } finally {
      call.signal?.removeEventListener("abort", abort);
      finish(controller);
    }
  };

  const observed = async <Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult> => {
    if (observers.length === 0) return await runOne(call, work);
    const startedAt = clock.now();
    const observe = (came: Pick<CallRecord, "outcome" | "code">): void => {
      const { name, args, _meta } = call;
      const durationMs = clock.now() - startedAt;
      const record = {
        kind: work.kind,
        name,
        caller: call.caller.name,
        address: call.caller.address,
        startedAt,
        durationMs,
        args,
      } as const;
      for (const observer of observers) {
        observer.called?.({ ...record, ...came, ...(_meta === undefined ? {} : { _meta }) });
      }
    };
    try {
      const result = await runOne(call, work);
      observe(outcomeOf(result));
      return result;
    } catch (error) {
      observe(outcomeOfThrown(error));
      throw error;
    }
  };

  const perform = <Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult> => {
    if (!draining)
      return traced(describe(registry, call, work.kind), () => observed(call, work), failureType);
    return Promise.reject(closing());
  };

  return {
    run: (call) =>
      perform<ToolResult>(call, {
        kind: "tool",
        run: (context) => registry.call(call.name, call.args, context),
        late: errorResult,
      }),
    perform,
    checkRoom,
    enter() {
      if (draining) throw closing();
      checkRoom();
      const controller = new AbortController();
      running.add(controller);
      return () => finish(controller);
    },
    get running() {
      return running.size;
    },
    get draining() {
      return draining;
    },
    async drain(graceMs, before = Promise.resolve()) {
      draining = true;
      if (running.size === 0) return true;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        idle = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
      await before.catch(ignore);
      const reason = new ParleyError("E_INTERRUPTED", "The server is closing.");
      const ended = running.size === 0;
      for (const controller of running) controller.abort(reason);
      return ended;
    },
  };
}

function closing(): ParleyError {
  return new ParleyError("E_SERVER_CLOSING", "The server is closing; call again later.");
}

const titles = { tool: "Tool", prompt: "Prompt", resource: "Resource" } as const;

const methods = { tool: "tools/call", prompt: "prompts/get", resource: "resources/read" } as const;

/** A call as its span has it. */
function describe(registry: Registry, { name, _meta }: Call, kind: CallRecord["kind"]): TracedRequest {
  const method = methods[kind];
  if (kind === "resource") return { method, uri: name, _meta };
  const known = kind === "prompt" || registry.tool(name) !== undefined;
  return known ? { method, target: name, _meta } : { method, _meta };
}

/** `error.type` of a tool that ran and failed. */
function failureType(result: unknown): string | undefined {
  return isOpen(result) && result["isError"] === true ? "tool_error" : undefined;
}

type Settled<Value> = { readonly value: Value } | { readonly thrown: unknown };

/** A run that asked has no result worth having, so what it threw is looked at later or not at all. */
async function settle<Value>(work: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { value: await work };
  } catch (thrown) {
    return { thrown };
  }
}

function outcome<Value>(settled: Settled<Value>, { era }: Round): Value {
  const error = "thrown" in settled ? settled.thrown : failureOf(settled.value);
  if (era === "2026" && isUnsupported(error)) throw missingCapability(error);
  if ("thrown" in settled) throw settled.thrown;
  return settled.value;
}

function failureOf(value: unknown): ErrorRecord | undefined {
  if (!isOpen(value) || value["isError"] !== true || !isOpen(value["_meta"])) return undefined;
  return errorOf({ _meta: value["_meta"] });
}

function isUnsupported(error: unknown): error is ErrorRecord {
  return isOpen(error) && error["code"] === "E_INPUT_UNSUPPORTED";
}

/** The 2026 era has an error of its own for this; the 2025 era says it as any other failure. */
function missingCapability({ message, details }: ErrorRecord): MissingRequiredClientCapabilityError {
  const found = details?.["requiredCapabilities"];
  return new MissingRequiredClientCapabilityError(
    { requiredCapabilities: isOpen(found) ? found : {} },
    message,
  );
}

function contextOf(call: Call, signal: AbortSignal): Omit<ToolContext, keyof Asking> {
  return {
    signal,
    caller: call.caller.name,
    scopes: call.caller.scopes,
    ...(call.caller.headers === undefined ? {} : { headers: call.caller.headers }),
    ...(call.logLevel === undefined ? {} : { logLevel: call.logLevel }),
    progress: call.progress ?? ignore,
    log: call.log ?? ignore,
    hangUp: call.hangUp ?? ignore,
    ...(call.session === undefined ? {} : { session: call.session }),
    ...(call.outlive === undefined ? {} : { outlive: call.outlive }),
    ...(call.mayOutlive === undefined ? {} : { mayOutlive: call.mayOutlive }),
    ...(call._meta === undefined ? {} : { _meta: call._meta }),
  };
}
