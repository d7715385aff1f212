import type { Clock } from "@parley/core";
import type { ToolContext } from "@parley/tool-registry";
import type { Upstream } from "../upstream/upstream.ts";
import { endOfResult, endOfThrown } from "./upstream-call.ts";
import type { CallEnd, UpstreamCallRecord } from "./upstream-call.ts";

/** Who hears of finished calls. */
export interface Watching {
  readonly clock: Clock;
  readonly onCall: (call: UpstreamCallRecord) => void;
}

type Called = Pick<UpstreamCallRecord, "kind" | "name">;

/** The same server, whose calls are told of, over REST, over MCP and by the library alike. */
export function watchedUpstream(upstream: Upstream, { clock, onCall }: Watching): Upstream {
  const watch = async <Value>(
    called: Called,
    context: Pick<ToolContext, "caller">,
    { work, end }: { readonly work: () => Promise<Value>; readonly end: (value: Value) => CallEnd },
  ): Promise<Value> => {
    const startedAt = clock.now();
    const begun = performance.now();
    const tell = (how: CallEnd): void => {
      const durationMs = performance.now() - begun;
      const caller = context.caller ?? "anonymous";
      onCall({ server: upstream.server.name, ...called, caller, startedAt, durationMs, ...how });
    };
    try {
      const value = await work();
      tell(end(value));
      return value;
    } catch (thrown) {
      tell(endOfThrown(thrown));
      throw thrown;
    }
  };
  return {
    ...upstream,
    get status() {
      return upstream.status;
    },
    get catalogue() {
      return upstream.catalogue;
    },
    get running() {
      return upstream.running;
    },
    callTool: (found, args, call) =>
      watch({ kind: "tool", name: found.tool.name }, call.context, {
        work: () => upstream.callTool(found, args, call),
        end: endOfResult,
      }),
    within: (what, call, work) =>
      watch(calledAs(what), call.context, {
        work: () => upstream.within(what, call, work),
        end: () => ({ outcome: "ok" }),
      }),
  };
}

/** What a read is of, by the name its time-out would give it. */
function calledAs(what: string): Called {
  const name = /^prompts\/get (.*)$/s.exec(what)?.[1];
  return name === undefined ? { kind: "resource" } : { kind: "prompt", name };
}
