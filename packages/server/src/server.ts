import type { ServerOptions as HttpsOptions } from "node:https";
import { type Clock, systemClock } from "@parley/core";
import type { Registry, ToolResult } from "@parley/tool-registry";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from "fastify";
import { type Activity, activityReport } from "./activity.ts";
import { createApp, defaultBodyLimitBytes, logsRequests } from "./app.ts";
import { createCalling, drainCalling } from "./calling.ts";
import { watchConnections } from "./connections.ts";
import type { EventLimits } from "./events/limits.ts";
import { serveEvents } from "./events/serve-events.ts";
import { docsRoute } from "./docs-route.ts";
import { healthRoutes } from "./health-routes.ts";
import { readJsonBodies } from "./json-body.ts";
import { countRoutes } from "./limits/count-routes.ts";
import { listenOn, type Listening, type ListenOptions } from "./listen.ts";
import type { EraCounts } from "./eras.ts";
import { createLists } from "./lists.ts";
import { refuseNarrowAccept } from "./accept-any.ts";
import { createMcpRoute, type McpRoute } from "./mcp-route.ts";
import type { KnownName, Metrics } from "./metrics.ts";
import { countRefusals, metricsRoute } from "./metrics-route.ts";
import type { Observer } from "./observer.ts";
import { collectOpenApi } from "./open-api.ts";
import { createPolicy, type Policy, type PolicyOptions } from "./policy.ts";
import type { Identity } from "./identity.ts";
import type { Shared } from "./shared.ts";
import { createStateSeal } from "./request-state.ts";
import { installRestErrors } from "./rest-errors.ts";
import { installSchemas, restRoutes } from "./rest-routes.ts";
import { routeCalls } from "./route-calls.ts";
import { createSseRoute, type SseRoute } from "./sse-route.ts";
import type { TaskServing } from "./tasks.ts";
import { createTouches } from "./watch-list.ts";

/** How {@link createServer} is called. */
export interface ServerOptions extends Identity, PolicyOptions {
  readonly registry: Registry;
  /** Path of the MCP endpoint; default `/mcp`. */
  readonly path?: string | undefined;
  /** Calls that may run at once, those of routes with `config: { call: true }` among them; default any number. */
  readonly maxCalls?: number | undefined;
  /** Further fields of `GET /health`, read at each request. */
  readonly health?: (() => Record<string, unknown>) | undefined;
  /** Why the server should get no requests now, for `GET /readyz`; empty or absent when it should. */
  readonly notReady?: (() => readonly string[]) | undefined;
  /** Proxies (addresses, CIDRs, or `loopback`) whose `X-Forwarded-*` headers are believed; default none. */
  readonly trustProxy?: readonly string[] | undefined;
  /** Default 4 MiB. */
  readonly bodyLimitBytes?: number | undefined;
  /** Time a client has to send a whole request before it is cut off; default 60 s. */
  readonly receiveTimeoutMs?: number | undefined;
  /** Default: no log. Arguments of calls are never logged. */
  readonly logger?: FastifyBaseLogger | undefined;
  /** Key, certificate and other options of node:https; absent means plain HTTP. */
  readonly https?: HttpsOptions | undefined;
  /** Time a tool may take before its caller gets `E_MCP_TIMEOUT`; default 10 minutes, 0 for no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Idle time after which a 2025-era or SSE session ends; default 10 minutes. */
  readonly sessionIdleMs?: number | undefined;
  /**
   * Secret of at least 32 bytes that seals what a question's answer comes back with; default: random, one per server.
   * Servers behind one balancer share it.
   */
  readonly inputKey?: Uint8Array | string | undefined;
  /** Seconds a client may take to answer a question; default 600. */
  readonly inputTtlSeconds?: number | undefined;
  /** Sessions held at once of each kind; default 1000. One more 2025-era client gets stateless service. */
  readonly maxSessions?: number | undefined;
  /** Time `close()` lets running calls finish; default 5 s. */
  readonly closeGraceMs?: number | undefined;
  /** How calls of tools with `task` outlive their requests; default: tasks live as long as the process. */
  readonly tasks?: TaskServing | undefined;
  readonly clock?: Clock | undefined;
  /** Told of every finished call and every answered request. */
  readonly observers?: readonly Observer[] | undefined;
  /** Bounds on event subscriptions. */
  readonly events?: EventLimits | undefined;
  /** Serves the HTTP+SSE transport of 2024 too, at `/sse` and `/messages` and below `path`; default `false`. */
  readonly sse?: boolean | undefined;
  /** From `@parley/server/metrics`; served at `/metrics`. Default none. */
  readonly metrics?: Metrics | undefined;
  /** Whether `/metrics` asks for no credential; default `false`. */
  readonly metricsPublic?: boolean | undefined;
  /** `false` leaves out `/openapi.json` and `/docs`, which cost memory where many servers share a process; default `true`. */
  readonly openApi?: boolean | undefined;
  /** `false` sends every request through the SDK; default `true`. */
  readonly fastPath?: boolean | undefined;
}

/** A server that does not listen yet: add routes with `app.register`, then call `listen`. */
export interface ParleyServer {
  readonly app: FastifyInstance;
  readonly registry: Registry;
  /** How much each protocol era is used, counted since the start. */
  readonly eras: EraCounts;
  /** What the server has done and is doing. */
  activity(): Activity;
  /**
   * Calls a tool for a route of `app` in the name of its caller. Scopes, limits, deadline, audit and metrics apply as
   * over MCP; mark the route `config: { mcp: true }`, since the call is told to observers by itself.
   * @throws what refuses a call: `E_TOOL_UNKNOWN`, `E_AUTH_FORBIDDEN`, `E_SERVER_BUSY`
   */
  callTool(reply: FastifyReply, name: string, args: unknown): Promise<ToolResult>;
  /** @throws `E_LISTEN_FAILED` */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Answers `/readyz` with 503 and takes no more calls, lets running ones finish, then ends streams and sessions
   * and stops listening. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Serves a registry over MCP (both protocol eras) and its lists over REST, on one fastify app. */
export function createServer(options: ServerOptions): ParleyServer {
  const { registry, clock = systemClock, closeGraceMs = 5000 } = options;
  const startedAt = clock.now();
  const app = createApp(options);
  const connections = watchConnections(app.server);
  const policy = createPolicy(options, {
    name: options.title ?? options.name,
    path: options.path ?? defaultPath,
    observers: options.observers ?? [],
    clock,
  });
  const shared = createShared(options, clock);
  const { calls } = shared;
  const mcp = openMcp(options, { shared, policy, clock });
  const sse = openSse(options, shared, clock);
  const activity = (): Activity => ({
    startedAt,
    requests: { modern: mcp.eras["2026"].requests, legacy: mcp.eras["2025"].requests },
    sessions: mcp.sessions,
    sse: sse?.counts ?? { open: 0, expired: 0 },
    runningCalls: calls.running,
    draining: calls.draining,
  });
  policy.install(app);
  countRoutes(app, calls);
  readJsonBodies(app, { emptyUnlessPost: false });
  installRestErrors(app, policy.faultHeaders);
  installSchemas(app);
  addRoutes(app, options, { shared, activity, clock });
  refuseNarrowAccept(app, options.path ?? defaultPath);
  void app.register((scope) => mcp.plugin(scope));
  if (sse !== undefined) void app.register((scope) => sse.plugin(scope));

  const touches = createTouches((uris) => {
    mcp.touch(uris);
    sse?.touch(uris);
  });
  const stops = [
    serveEvents({ registry, clock, limits: options.events }),
    registry.onChange((change) => {
      mcp.notify(change);
      sse?.notify(change);
    }),
    registry.onTouch((uri) => touches.add(uri)),
  ];
  const sweeper = setInterval(() => {
    mcp.sweep();
    sse?.sweep();
  }, sweepMs).unref();
  let drained: Promise<boolean> | undefined;
  const drain = (): Promise<boolean> => (drained ??= drainCalling(shared, closeGraceMs));
  app.addHook("preClose", async () => {
    clearInterval(sweeper);
    for (const stop of stops) stop();
    touches.close();
    const ended = await drain();
    await Promise.all([mcp.close(), sse?.close()]);
    // Calls that were aborted have had their time: what is left is to say so.
    connections.end(ended ? closeGraceMs : Math.min(closeGraceMs, lastWordsMs));
  });
  let closing: Promise<void> | undefined;
  return {
    app,
    registry,
    activity,
    get eras() {
      return mcp.eras;
    },
    callTool: routeCalls(calls),
    async listen(where = {}) {
      policy.guard.bind(where.host ?? "127.0.0.1");
      return await listenOn(app, options.https === undefined ? "http" : "https", where);
    },
    close() {
      // Routes still answer while calls drain: a load balancer is to read of it in /readyz.
      closing ??= drain().then(() => app.close());
      return closing;
    },
  };
}

const sweepMs = 30_000;
const lastWordsMs = 250;
const defaultPath = "/mcp";

function createShared(options: ServerOptions, clock: Clock): Shared {
  const { metrics, observers = [] } = options;
  const seal = createStateSeal({ key: options.inputKey, ttlSeconds: options.inputTtlSeconds });
  const calling = createCalling({
    registry: options.registry,
    seal,
    deadlineMs: options.requestTimeoutMs ?? 600_000,
    maxCalls: options.maxCalls,
    observers: metrics === undefined ? observers : [...observers, metrics],
    tasks: options.tasks,
    clock,
  });
  const caller = { name: "anonymous", scopes: new Set<string>() };
  return { identity: options, lists: createLists(calling.registry), ...calling, seal, caller };
}

interface McpParts {
  readonly shared: Shared;
  readonly policy: Policy;
  readonly clock: Clock;
}

function openMcp(options: ServerOptions, { shared, policy, clock }: McpParts): McpRoute {
  return createMcpRoute({
    shared,
    path: options.path ?? defaultPath,
    admission: policy.admission,
    faultHeaders: policy.faultHeaders,
    bodyLimitBytes: options.bodyLimitBytes ?? defaultBodyLimitBytes,
    clock,
    sessionIdleMs: options.sessionIdleMs ?? defaultIdleMs,
    maxSessions: options.maxSessions ?? 1000,
    logged: logsRequests(options.logger),
    fastPath: options.fastPath ?? true,
  });
}

const defaultIdleMs = 600_000;

function openSse(options: ServerOptions, shared: Shared, clock: Clock): SseRoute | undefined {
  if (options.sse !== true) return undefined;
  return createSseRoute({
    shared,
    clock,
    idleMs: options.sessionIdleMs ?? defaultIdleMs,
    max: options.maxSessions ?? 1000,
    publicPath: new URL(options.baseUrl ?? "http://localhost").pathname.replace(/\/$/, ""),
    mcpPath: options.path ?? defaultPath,
  });
}

interface RouteParts {
  readonly shared: Shared;
  readonly activity: () => Activity;
  readonly clock: Clock;
}

function addRoutes(app: FastifyInstance, options: ServerOptions, parts: RouteParts): void {
  const { shared, activity, clock } = parts;
  const { baseUrl, metrics, health, version, notReady = () => [] } = options;
  const readOpenApi = (options.openApi ?? true) ? collectOpenApi(app, options, baseUrl) : undefined;
  const address = baseUrl === undefined ? {} : { base_url: baseUrl };
  const report = () => ({ ...activityReport(activity(), clock), ...address, ...health?.() });
  void app.register(healthRoutes({ version, report, notReady, draining: () => shared.calls.draining }));
  void app.register(restRoutes(shared, readOpenApi));
  if (readOpenApi !== undefined) void app.register(docsRoute(readOpenApi));
  if (metrics === undefined) return;
  metrics.bind(activity, knownName(shared));
  countRefusals(app, metrics);
  void app.register(metricsRoute(metrics, options.metricsPublic ?? false));
}

/** Resources go without their names, so that only those of tools and prompts are looked up. */
function knownName({ registry }: Shared): KnownName {
  return (kind, name) => {
    if (kind === "tool") return registry.tool(name) !== undefined;
    return kind === "resource" || registry.prompts.some((prompt) => prompt.name === name);
  };
}
