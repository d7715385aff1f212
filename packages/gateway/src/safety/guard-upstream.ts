import { ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { CallSink } from "../audit/audit-log.ts";
import { outcomeOfThrown } from "../audit/audit-record.ts";
import type { GatewayCallRecord } from "../audit/audit-record.ts";
import type { OnFinding } from "../config/safety-config.ts";
import type { CallLimiter } from "../limits/call-limiter.ts";
import { checkBudget, withinBudget } from "../limits/result-budget.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Review } from "./review.ts";
import { scanResult } from "./result-scan.ts";

export interface GuardOptions {
  readonly clock: Clock;
  readonly limiter: () => CallLimiter;
  readonly review: () => Review;
  /** Hears that something has been approved. */
  readonly onApproval: (listener: () => void) => () => void;
  readonly scanResults: OnFinding;
  readonly warn: (message: string) => void;
  readonly sinks: readonly CallSink[];
}

/**
 * A server as callers get it: without what is withheld, within limits, and each call written down. Every way to a
 * server leads through here, so that none goes around it.
 */
export function guardUpstream(inner: Upstream, options: GuardOptions): Upstream {
  const { server } = inner;
  const watched = createWatch(server.name, options);
  return {
    server,
    get status() {
      return inner.status;
    },
    get offered() {
      return inner.offered;
    },
    get catalogue() {
      return options.review().catalogue;
    },
    get withheld() {
      return options.review().withheld;
    },
    settled: inner.settled,
    replicaStates: inner.replicaStates,
    get running() {
      return inner.running;
    },
    callTool: (found, args, call) => {
      const target = { server: server.name, tool: found.tool.name };
      const { original: name } = found;
      const about: About = { kind: "tool", name, args, caller: call.context.caller, target };
      return watched(about, (limiter) => {
        checkWithheld(options.review(), `tool ${name}`);
        return inner.callTool(found, args, call).then((result) => {
          const what = `${server.name}.${found.tool.name}`;
          const kept = withinBudget(result, limiter.resultBytes(target), what);
          const findings = scanResult(kept, { mode: options.scanResults, what, warn: options.warn });
          return { value: kept, outcome: kept.isError === true ? "error" : "ok", findings };
        });
      });
    },
    within: (what, call, work) => {
      const cut = what.indexOf(" ");
      const name = cut < 0 ? what : what.slice(cut + 1);
      const kind = what.startsWith("prompts/") ? "prompt" : "resource";
      const target = { server: server.name };
      return watched(
        { kind, name, args: undefined, caller: call.context.caller, target },
        async (limiter) => {
          const value = await inner.within(what, call, work);
          checkBudget(value, limiter.resultBytes(target), `${server.name}: ${what}`);
          return { value, outcome: "ok" };
        },
      );
    },
    onChange(listener) {
      const stops = [inner.onChange(listener), options.onApproval(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    onTouch: (listener) => inner.onTouch(listener),
    retire: (graceMs) => inner.retire(graceMs),
    close: () => inner.close(),
  };
}

/** Who holds an older list gets the reason too. @throws `E_TOOL_QUARANTINED` */
function checkWithheld({ withheld }: Review, item: string): void {
  const found = withheld.length === 0 ? undefined : withheld.find((one) => one.item === item);
  if (found !== undefined) throw new ParleyError("E_TOOL_QUARANTINED", found.reason);
}

/** Where a server is, is nobody's business; keys stand in some addresses. */
function withoutAddress(error: unknown): unknown {
  if (!ParleyError.isInstance(error) || error.details["url"] === undefined) return error;
  const { url: _url, ...details } = error.details;
  const { code, message, retryable } = error;
  return new ParleyError(code, message, { details, retryable, cause: error });
}

interface About extends Pick<GatewayCallRecord, "kind" | "name" | "args"> {
  readonly caller: string | undefined;
  readonly target: { readonly server: string; readonly tool?: string };
}

interface Done<Value> extends Pick<GatewayCallRecord, "outcome" | "findings"> {
  readonly value: Value;
}

type Watch = <Value>(about: About, work: (limiter: CallLimiter) => Promise<Done<Value>>) => Promise<Value>;

/** Lets a call in, runs it, and tells of how it came out. */
function createWatch(server: string, { clock, limiter: current, sinks }: GuardOptions): Watch {
  return async ({ kind, name, args, caller = "local", target }, work) => {
    const startedAt = clock.now();
    const from = performance.now();
    const tell = ({
      outcome,
      code,
      findings,
    }: Pick<GatewayCallRecord, "outcome" | "code" | "findings">): void => {
      if (sinks.length === 0) return;
      const durationMs = performance.now() - from;
      const call = { kind, name, args, caller, server, startedAt, durationMs, outcome, code, findings };
      for (const sink of sinks) sink.called(call);
    };
    try {
      const limiter = current();
      const leave = limiter.enter({ key: caller, ...target });
      try {
        const { value, outcome, findings } = await work(limiter);
        tell({ outcome, findings });
        return value;
      } finally {
        leave();
      }
    } catch (error) {
      tell(outcomeOfThrown(error));
      throw withoutAddress(error);
    }
  };
}
