import type { InputRequiredResult, MissingRequiredClientCapabilityError } from "@modelcontextprotocol/server";
import { type Clock, type ErrorRecord, InFlight, ParleyError, Stop, systemClock } from "@parley/core";
import {
  type Asking,
  errorOf,
  errorResult,
  type Registry,
  type ToolContext,
  type ToolResult,
} from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { Round } from "./call-asking.ts";
import { beginContext, type Running } from "./call-context.ts";
import { withDeadline } from "./deadline.ts";
import { isOpen } from "./is-open.ts";
import { type CallRecord, type Observer, outcomeOf, outcomeOfThrown } from "./observer.ts";
import { pagesNeeded } from "./pages-needed.ts";
import type { StateSeal } from "./request-state.ts";
import { loadSdk } from "./sdk.ts";
import { isTracing, traced, type TracedRequest } from "./tracing.ts";

/** One call as a protocol path hands it over. */
export interface Call {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly round: Round;
  readonly signal?: AbortSignal | undefined;
  /** Ends the call; for who would otherwise have to make one of their own. */
  readonly stop?: Stop | undefined;
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
  /** Whether it hands the call on as it is (`passThrough` of a tool). */
  readonly isPassed?: boolean | undefined;
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
  const running = new InFlight<Stop>();
  let idle: (() => void) | undefined;
  let draining = false;

  const start = (stop: Stop): (() => void) => {
    const leave = running.add(stop);
    return () => {
      leave();
      if (running.size === 0) idle?.();
    };
  };

  const checkRoom = (): void => {
    if (running.size < maxCalls) return;
    throw new ParleyError("E_SERVER_BUSY", `${maxCalls} calls are running; try again in a moment.`, {
      details: { retryAfterSeconds: 1 },
    });
  };

  const within = <Value>(call: Call, work: Work<Value>, running: Running): Promise<Value> => {
    const limitMs = call.unbounded === true ? 0 : deadlineMs;
    const { context, stop } = running;
    if (limitMs === 0) return work.run(context);
    const what = (): string => `${titles[work.kind]} "${call.name}"`;
    return withDeadline(work.run(context), { deadlineMs: limitMs, stop, what, late: work.late });
  };

  const runOne = async <Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult> => {
    checkRoom();
    const stop = call.stop ?? new Stop();
    const release = call.signal === undefined ? undefined : followSignal(stop, call.signal);
    const finish = start(stop);
    try {
      const { kind, isPassed = false } = work;
      const begun = beginContext(call, { kind, isPassed, stop, seal });
      let value: Value | undefined;
      let thrown: { readonly error: unknown } | undefined;
      try {
        value = await within(call, work, begun);
      } catch (error) {
        thrown = { error };
      }
      const error = thrown === undefined ? failureOf(value) : thrown.error;
      const needed = pagesNeeded(error);
      if (needed !== undefined) {
        if (call.round.era === "2025") throw needed.fault;
        // Asked as any handler asks; where that cannot be done, the failure is the answer.
        await begun.context.input(needed.questions).catch(ignore);
      }
      // A run that asked has no result worth having, so what it threw is looked at later or not at all.
      const asking = begun.unanswered();
      const asked = asking === undefined ? undefined : await asking;
      if (asked !== undefined) return asked;
      if (call.round.era === "2026" && isUnsupported(error)) throw await missingCapability(error);
      if (thrown !== undefined) throw thrown.error;
      // It is there where nothing was thrown.
      return value as Value;
    } finally {
      release?.();
      finish();
    }
  };

  const observed = async <Value>(call: Call, work: Work<Value>): Promise<Value | InputRequiredResult> => {
    if (observers.length === 0) return await runOne(call, work);
    const startedAt = clock.now();
    const observe = (came: Pick<CallRecord, "outcome" | "code">): void => {
      const { name, args, _meta, caller } = call;
      const record: CallRecord = {
        kind: work.kind,
        name,
        caller: caller.name,
        address: caller.address,
        startedAt,
        durationMs: clock.now() - startedAt,
        outcome: came.outcome,
        code: came.code,
        args,
        _meta,
      };
      for (const observer of observers) observer.called?.(record);
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
    if (!draining) {
      return isTracing()
        ? traced(describe(registry, call, work.kind), () => observed(call, work), failureType)
        : observed(call, work);
    }
    return Promise.reject(closing());
  };

  return {
    run: (call) =>
      perform<ToolResult>(call, {
        kind: "tool",
        isPassed: registry.tool(call.name)?.passThrough,
        run: (context) => registry.call(call.name, call.args, context),
        late: errorResult,
      }),
    perform,
    checkRoom,
    enter() {
      if (draining) throw closing();
      checkRoom();
      return start(new Stop());
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
      for (const stop of running.members()) stop.abort(reason);
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

function failureOf(value: unknown): ErrorRecord | undefined {
  if (!isOpen(value) || value["isError"] !== true || !isOpen(value["_meta"])) return undefined;
  return errorOf({ _meta: value["_meta"] });
}

function isUnsupported(error: unknown): error is ErrorRecord {
  return isOpen(error) && error["code"] === "E_INPUT_UNSUPPORTED";
}

/** The 2026 era has an error of its own for this; the 2025 era says it as any other failure. */
async function missingCapability({
  message,
  details,
}: ErrorRecord): Promise<MissingRequiredClientCapabilityError> {
  const { MissingRequiredClientCapabilityError: Missing } = await loadSdk();
  const found = details?.["requiredCapabilities"];
  return new Missing({ requiredCapabilities: isOpen(found) ? found : {} }, message);
}

/** @returns what ends it */
function followSignal(stop: Stop, signal: AbortSignal): () => void {
  const abort = (): void => stop.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return () => signal.removeEventListener("abort", abort);
}
