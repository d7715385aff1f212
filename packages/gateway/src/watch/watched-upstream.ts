import type { Clock } from "@parley/core";
import type { ToolContext } from "@parley/tool-registry";
import type { Upstream } from "../upstream/upstream.ts";
import type { BusyPoll } from "./busy-poll.ts";
import { endOfResult, endOfThrown } from "./upstream-call.ts";
import type { CallEnd, UpstreamCallRecord } from "./upstream-call.ts";

/** Who hears of finished calls. */
export interface Watching {
  readonly clock: Clock;
  readonly onCall: (call: UpstreamCallRecord) => void;
  readonly busyPoll?: BusyPoll | undefined;
}

type Called = Pick<UpstreamCallRecord, "kind" | "name">;

interface Watched<Value> {
  readonly work: () => Promise<Value>;
  readonly end: (value: Value) => CallEnd;
}

/** The same server, whose calls are told of, over REST, over MCP and by the library alike. */
export function watchedUpstream(upstream: Upstream, { clock, onCall, busyPoll }: Watching): Upstream {
  const server = upstream.server.name;
  const watch = <Value>(
    { kind, name }: Called,
    { caller = "anonymous" }: Pick<ToolContext, "caller">,
    { work, end }: Watched<Value>,
  ): Promise<Value> => {
    const startedAt = clock.now();
    const begun = performance.now();
    const going = work();
    busyPoll?.begin();
    const tell = ({ outcome, code, message }: CallEnd): void => {
      const durationMs = performance.now() - begun;
      busyPoll?.end();
      onCall({ server, kind, name, caller, startedAt, durationMs, outcome, code, message });
    };
    return going.then(
      (value) => {
        tell(end(value));
        return value;
      },
      (thrown: unknown) => {
        tell(endOfThrown(thrown));
        throw thrown;
      },
    );
  };
  return {
    ...upstream,
    get status() {
      return upstream.status;
    },
    get catalogue() {
      return upstream.catalogue;
    },
    get offered() {
      return upstream.offered;
    },
    get withheld() {
      return upstream.withheld;
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
