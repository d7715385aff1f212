import type { ServerOptions as HttpsOptions } from "node:https";
import { type Clock, systemClock } from "@parley/core";
import type { Registry } from "@parley/tool-registry";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { installAccess } from "./access.ts";
import { anonymous, type Authenticator } from "./auth.ts";
import { createCalls } from "./calls.ts";
import { watchConnections } from "./connections.ts";
import { createHostGuard, installHostGuard } from "./guard.ts";
import { listenOn, type Listening, type ListenOptions } from "./listen.ts";
import type { EraCounts } from "./eras.ts";
import { createLists } from "./lists.ts";
import { createMcpRoute } from "./mcp-route.ts";
import type { Observer } from "./observer.ts";
import type { Identity, Shared } from "./protocol-server.ts";
import { createStateSeal } from "./request-state.ts";
import { installRestErrors } from "./rest-errors.ts";
import { installOpenApi, installSchemas, restRoutes } from "./rest-routes.ts";
import { createTouches } from "./watch-list.ts";

/** How {@link createServer} is called. */
export interface ServerOptions extends Identity {
  readonly registry: Registry;
  /** Path of the MCP endpoint; default `/mcp`. */
  readonly path?: string | undefined;
  /** Default: everybody, with all scopes. */
  readonly authenticator?: Authenticator | undefined;
  /** Further fields of `GET /health`, read at each request. */
  readonly health?: (() => Record<string, unknown>) | undefined;
  /** Names that pass the Host and Origin guard beside loopback and the bound host; `*` lets all pass. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Default 4 MiB. */
  readonly bodyLimitBytes?: number | undefined;
  /** Default: no log. Arguments of calls are never logged. */
  readonly logger?: FastifyBaseLogger | undefined;
  /** Key, certificate and other options of node:https; absent means plain HTTP. */
  readonly https?: HttpsOptions | undefined;
  /** Time a tool may take before its caller gets `E_MCP_TIMEOUT`; default 10 minutes, 0 for no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Idle time after which a 2025-era session ends; default 10 minutes. */
  readonly sessionIdleMs?: number | undefined;
  /**
   * Secret of at least 32 bytes that seals what a question's answer comes back with; default: random, one per server.
   * Servers behind one balancer share it.
   */
  readonly inputKey?: Uint8Array | string | undefined;
  /** Seconds a client may take to answer a question; default 600. */
  readonly inputTtlSeconds?: number | undefined;
  /** Sessions of 2025-era clients held at once; default 1000. One more gets stateless service. */
  readonly maxSessions?: number | undefined;
  /** Time `close()` lets running calls finish; default 5 s. */
  readonly closeGraceMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Told of every finished call. */
  readonly observers?: readonly Observer[] | undefined;
  /** `false` leaves out `/openapi.json`, which costs memory where many servers share a process; default `true`. */
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
  /** @throws `E_LISTEN_FAILED` */
  listen(options?: ListenOptions): Promise<Listening>;
  /** Stops listening, lets running calls finish, ends streams and sessions. Safe to call twice. */
  close(): Promise<void>;
}

/** Serves a registry over MCP (both protocol eras) and its lists over REST, on one fastify app. */
export function createServer(options: ServerOptions): ParleyServer {
  const { registry, clock = systemClock, closeGraceMs = 5000 } = options;
  const app = createApp(options);
  const connections = watchConnections(app.server);
  const guard = createHostGuard(options.allowedHosts);
  const seal = createStateSeal({ key: options.inputKey, ttlSeconds: options.inputTtlSeconds });
  const calls = createCalls({
    registry,
    seal,
    deadlineMs: options.requestTimeoutMs ?? 600_000,
    observers: options.observers,
    clock,
  });
  const shared: Shared = {
    identity: options,
    registry,
    lists: createLists(registry),
    calls,
    seal,
    caller: { name: "anonymous", scopes: new Set() },
  };
  const mcp = createMcpRoute({
    shared,
    path: options.path ?? "/mcp",
    bodyLimitBytes: options.bodyLimitBytes ?? defaultBodyLimitBytes,
    clock,
    sessionIdleMs: options.sessionIdleMs ?? 600_000,
    maxSessions: options.maxSessions ?? 1000,
    logged: options.logger !== undefined,
    fastPath: options.fastPath ?? true,
  });
  installHostGuard(app, guard);
  installAccess(app, options.authenticator ?? anonymous());
  installRestErrors(app);
  installSchemas(app);
  if (options.openApi ?? true) installOpenApi(app, options);
  void app.register(restRoutes({ shared, health: options.health }));
  void app.register((scope) => mcp.plugin(scope));

  const touches = createTouches((uris) => mcp.touch(uris));
  const stops = [
    registry.onChange((change) => mcp.notify(change)),
    registry.onTouch((uri) => touches.add(uri)),
  ];
  const sweeper = setInterval(() => mcp.sweep(), sweepMs).unref();
  app.addHook("preClose", async () => {
    clearInterval(sweeper);
    for (const stop of stops) stop();
    touches.close();
    await calls.drain(closeGraceMs);
    await mcp.close();
    connections.end(closeGraceMs);
  });
  let closing: Promise<void> | undefined;
  return {
    app,
    registry,
    get eras() {
      return mcp.eras;
    },
    async listen(where = {}) {
      guard.bind(where.host ?? "127.0.0.1");
      return await listenOn(app, options.https === undefined ? "http" : "https", where);
    },
    close() {
      closing ??= app.close();
      return closing;
    },
  };
}

const defaultBodyLimitBytes = 4 * 1024 * 1024;
const sweepMs = 30_000;
/** A client that has not sent its whole request by then is cut off. */
const receiveTimeoutMs = 60_000;

function createApp({
  logger,
  https,
  bodyLimitBytes = defaultBodyLimitBytes,
}: ServerOptions): FastifyInstance {
  const common = {
    bodyLimit: bodyLimitBytes,
    requestTimeout: receiveTimeoutMs,
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  };
  if (https === undefined) return Fastify(common);
  return Fastify({ ...common, https });
}
