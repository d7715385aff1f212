import { type Clock, ParleyError } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";
import type { CatalogueTool } from "../upstream/catalogue.ts";
import type { Upstream, UpstreamState } from "../upstream/upstream.ts";
import { createBreaker } from "./breaker.ts";
import type { BreakerSettings, BreakerState } from "./breaker.ts";
import { createLatency } from "./latency.ts";
import type { Latency } from "./latency.ts";

/** How one of the servers is that are one together. */
export interface ReplicaState {
  /** Which one: its place in the entry, from 1. */
  readonly replica: number;
  readonly state: UpstreamState;
  readonly reason?: string | undefined;
  readonly breaker: BreakerState;
  readonly running: number;
  /** Average of the last calls in milliseconds; absent before the first. */
  readonly latencyMs?: number | undefined;
}

type CallTool = Upstream["callTool"];

/** One of several servers that offer the same. */
export interface Replica {
  readonly upstream: Upstream;
  readonly latency: Latency;
  /** How much a call would have to wait behind, in milliseconds. */
  readonly load: number;
  /** Milliseconds until its breaker lets a call through. */
  readonly waitMs: number;
  /** @throws `E_MCP_UNREACHABLE` while its breaker is open */
  call(...of: Parameters<CallTool>): Promise<ToolResult>;
  status(replica: number): ReplicaState;
}

/** What a server that is not yet measured is taken for. */
const firstGuessMs = 1;

export function createReplica(
  upstream: Upstream,
  { clock, breaker: settings }: { readonly clock: Clock; readonly breaker: BreakerSettings },
): Replica {
  const breaker = createBreaker(settings, clock);
  const latency = createLatency();
  return {
    upstream,
    latency,
    get load() {
      return (upstream.running + 1) * (latency.averageMs ?? firstGuessMs);
    },
    get waitMs() {
      return breaker.waitMs;
    },
    async call(found, args, call) {
      const passage = breaker.enter();
      if (passage === undefined) throw isOpen(upstream, breaker.waitMs);
      const startedAt = clock.now();
      try {
        const result = await upstream.callTool(ownTool(upstream, found), args, call);
        passage.end("ok");
        latency.add(clock.now() - startedAt);
        return result;
      } catch (error) {
        if (call.context.signal.aborted) passage.end("unknown");
        else passage.end(isServerFault(error) ? "failed" : "ok");
        throw error;
      }
    },
    status: (replica) => ({
      replica,
      state: upstream.status.state,
      ...(upstream.status.reason === undefined ? {} : { reason: upstream.status.reason }),
      breaker: breaker.state,
      running: upstream.running,
      ...(latency.averageMs === undefined ? {} : { latencyMs: Math.round(latency.averageMs * 10) / 10 }),
    }),
  };
}

/** A tool as this server lists it: what the other lists is called there. */
function ownTool({ catalogue }: Upstream, found: CatalogueTool): CatalogueTool {
  return catalogue.tools.get(found.tool.name) ?? found;
}

const serverFaults: ReadonlySet<string> = new Set([
  "E_EXEC_NOT_FOUND",
  "E_MCP_PROTOCOL",
  "E_MCP_TIMEOUT",
  "E_MCP_UNREACHABLE",
]);

/** Whether a failure says that the server is in a bad state, and not just that it refused a call. */
export function isServerFault(error: unknown): boolean {
  return (
    ParleyError.isInstance(error) && serverFaults.has(error.code) && error.details["rpcCode"] === undefined
  );
}

function isOpen({ server }: Upstream, waitMs: number): ParleyError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ParleyError(
    "E_MCP_UNREACHABLE",
    `The server ${server.name} has failed too often in a row: it is tried again in ${seconds} s.`,
    { details: { retryAfterSeconds: seconds } },
  );
}
