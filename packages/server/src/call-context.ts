import type { InputRequiredResult } from "@modelcontextprotocol/server";
import type { Stop } from "@parley/core";
import type { Asking, ToolContext } from "@parley/tool-registry";
import { createCallAsking } from "./call-asking.ts";
import type { Call } from "./calls.ts";
import type { CallRecord } from "./observer.ts";
import { PassedContext } from "./passed-context.ts";
import type { StateSeal } from "./request-state.ts";

/** What a run is given, and what became of its questions. */
export interface Running {
  readonly context: ToolContext;
  readonly stop: Stop;
  readonly unanswered: () => Promise<InputRequiredResult | undefined> | undefined;
}

interface Beginning {
  readonly kind: CallRecord["kind"];
  /** Whether the call is handed on as it is. */
  readonly isPassed: boolean;
  readonly stop: Stop;
  readonly seal: StateSeal;
}

/** Gives a call what its run speaks through. */
export function beginContext(call: Call, { kind, isPassed, stop, seal }: Beginning): Running {
  const { name, args, caller, round } = call;
  const begin = () =>
    createCallAsking({ round, seal, identity: () => [caller.name, kind, name, args ?? {}] });
  if (isPassed && call.asking === undefined && round.state === undefined) {
    const context = new PassedContext(call, stop, begin);
    return { context, stop, unanswered: () => context.unanswered() };
  }
  const { asking, unanswered } = begin();
  const asks = call.asking === undefined ? asking : call.asking(asking);
  return { context: { ...asks, ...contextOf(call, stop) }, stop, unanswered };
}

function contextOf(call: Call, stop: Stop): Omit<ToolContext, keyof Asking> {
  return {
    signal: stop.signal,
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

const ignore = (): void => undefined;
