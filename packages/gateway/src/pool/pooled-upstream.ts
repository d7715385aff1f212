import { endingOf, ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";
import type { GatewayServer } from "../config/gateway-config.ts";
import { defaultReads } from "../config/reads.ts";
import { emptyCatalogue } from "../upstream/catalogue.ts";
import type { Catalogue } from "../upstream/catalogue.ts";
import { createLatch } from "../upstream/latch.ts";
import { EndedContext } from "../upstream/limited-context.ts";
import { isRepeatable, onlyReads } from "../upstream/repeatable.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { defaultBreaker } from "./breaker.ts";
import { createChoose } from "./choose.ts";
import { hedged } from "./hedge.ts";
import { createJointOffer } from "./joint-offer.ts";
import { createReplica, isServerFault } from "./replica.ts";
import type { Replica } from "./replica.ts";
import { createSharedReads } from "./shared-reads.ts";

export interface PoolOptions {
  readonly clock: Clock;
  /** Opens one of the servers. */
  readonly open: (server: GatewayServer) => Upstream;
  /** From 0 to below 1 (default `Math.random`). */
  readonly random?: (() => number) | undefined;
}

type CallTool = Upstream["callTool"];

/** Whether an entry asks for more than one plain connection. */
export function isPooled({ replicas = [], breaker, reads }: GatewayServer): boolean {
  return replicas.length > 0 || breaker !== undefined || reads !== undefined;
}

/**
 * Several servers that offer the same, as one: calls go to whichever is well and least busy, those that do no harm twice
 * to another when one fails, and those that only read are asked twice, shared and kept as the entry says.
 */
export function pooledUpstream(server: GatewayServer, options: PoolOptions): Upstream {
  const { clock, random = Math.random } = options;
  const { replicas: others = [], breaker = defaultBreaker, reads = defaultReads } = server;
  const replicas = [server.connection, ...others].map((connection) =>
    createReplica(options.open({ ...server, connection }), { clock, breaker }),
  );
  const upstreams = replicas.map(({ upstream }) => upstream);
  const route = createRouting(replicas, { random, hedges: reads.hedge });
  const shares = reads.coalesce || reads.cacheMs > 0;
  const shared = createSharedReads({ ttlMs: reads.cacheMs, clock });
  const lead = (): Upstream => upstreams.find(isReady) ?? upstreams.find(hasTools) ?? first(upstreams);
  const listeners = new Set<() => void>();
  const settled = whenUsable(upstreams);
  const kept = createUnion(upstreams, lead);
  const offered = createJointOffer(upstreams);
  for (const upstream of upstreams) {
    upstream.onChange(() => {
      for (const listener of listeners) listener();
    });
  }
  const onAll = (listen: (upstream: Upstream) => () => void): (() => void) => {
    const stops = upstreams.map(listen);
    return () => stops.forEach((stop) => stop());
  };

  return {
    server,
    get offered() {
      return offered();
    },
    get status() {
      return lead().status;
    },
    get catalogue() {
      return kept();
    },
    settled,
    get running() {
      return upstreams.reduce((sum, { running }) => sum + running, 0);
    },
    replicaStates: () => replicas.map((replica, index) => replica.status(index + 1)),
    callTool: (found, args, call) => {
      const { context } = call;
      // Headers of a caller make an answer that caller's alone; a question has one client to ask.
      const isPrivate = server.forwarding !== undefined || asks.some((kind) => context.canAsk(kind));
      if (!shares || isPrivate || !onlyReads(found)) return route(found, args, call);
      const key = { caller: context.caller, tool: found.original, args };
      return shared.get(key, context, (joint) => route(found, args, { ...call, context: joint }));
    },
    within: (what, call, work) => lead().within(what, call, work),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTouch: (listener) => onAll((upstream) => upstream.onTouch(listener)),
    retire: async (graceMs) => void (await Promise.all(upstreams.map((each) => each.retire(graceMs)))),
    close: async () => void (await Promise.all(upstreams.map((each) => each.close()))),
  };
}

const asks = ["form", "url", "model", "roots"] as const;

const isReady = ({ status }: Upstream): boolean => status.state === "ready";
const hasTools = ({ catalogue }: Upstream): boolean => catalogue.tools.size > 0;

function first(upstreams: readonly Upstream[]): Upstream {
  const [upstream] = upstreams;
  if (upstream === undefined) throw new ParleyError("E_INTERNAL", "A pool has no server.");
  return upstream;
}

interface Routing {
  readonly random: () => number;
  readonly hedges: boolean;
}

/** A hedge any sooner would ask twice for what just takes its time. */
const leastHedgeMs = 5;

function createRouting(replicas: readonly Replica[], { random, hedges }: Routing): CallTool {
  const choose = createChoose(replicas, random);
  const attempt = (replica: Replica, tried: Set<Replica>, [found, args, call]: Parameters<CallTool>) => {
    tried.add(replica);
    const { p95Ms } = replica.latency;
    if (!hedges || replicas.length < 2 || p95Ms === undefined || !onlyReads(found)) {
      return replica.call(found, args, call);
    }
    const on = (one: Replica) => (signal: AbortSignal) =>
      one.call(found, args, { ...call, context: new EndedContext(call.context, endingOf(signal)) });
    return hedged<ToolResult>({
      afterMs: Math.max(leastHedgeMs, p95Ms),
      signal: call.context.signal,
      first: on(replica),
      second() {
        const other = choose(found, tried);
        if (other === undefined || other.waitMs > 0) return undefined;
        tried.add(other);
        return on(other);
      },
    });
  };
  return async (found, args, call) => {
    const tried = new Set<Replica>();
    for (let last: unknown; ;) {
      const replica = choose(found, tried);
      if (replica === undefined) throw last ?? gone(found.tool.name);
      try {
        return await attempt(replica, tried, [found, args, call]);
      } catch (error) {
        const passesOn = isServerFault(error) && (isRepeatable(found) || wasNotSent(error));
        if (!passesOn || call.context.signal.aborted) throw error;
        last ??= error;
      }
    }
  };
}

/** Whether a call was refused before it left: by a breaker that is open. */
function wasNotSent(error: unknown): boolean {
  return ParleyError.isInstance(error) && error.details["retryAfterSeconds"] !== undefined;
}

function gone(tool: string): ParleyError {
  return new ParleyError("E_TOOL_UNKNOWN", `No server offers the tool ${JSON.stringify(tool)} any more.`);
}

/** What the servers offer together; made anew when one of them offers something else. */
function createUnion(upstreams: readonly Upstream[], lead: () => Upstream): () => Catalogue {
  let made: { readonly of: readonly Catalogue[]; readonly union: Catalogue } = {
    of: [],
    union: emptyCatalogue,
  };
  return () => {
    const leading = lead();
    const of = [leading, ...upstreams.filter((each) => each !== leading)].map(({ catalogue }) => catalogue);
    if (of.length === made.of.length && of.every((each, index) => each === made.of[index])) return made.union;
    const tools = of.flatMap((each) => [...each.tools]).toReversed();
    const sorted = [...new Map(tools)].toSorted(([left], [right]) => (left < right ? -1 : 1));
    made = { of, union: { ...leading.catalogue, tools: new Map(sorted) } };
    return made.union;
  };
}

/** Resolves when one of them is ready, or all have been tried. */
async function whenUsable(upstreams: readonly Upstream[]): Promise<void> {
  const usable = createLatch();
  const look = (): void => {
    if (upstreams.some(isReady)) usable.open();
  };
  const stops = upstreams.map((upstream) => upstream.onChange(look));
  look();
  await Promise.race([usable.opened, Promise.all(upstreams.map(({ settled }) => settled))]);
  for (const stop of stops) stop();
}
