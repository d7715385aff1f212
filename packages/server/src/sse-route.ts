import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Server } from "@modelcontextprotocol/server";
import type { SSEServerTransport } from "@modelcontextprotocol/server-legacy/sse";
import { type Clock, ParleyError } from "@parley/core";
import type { RegistryChange } from "@parley/tool-registry";
import type { SessionCounts } from "./activity.ts";
import { keepHeaders } from "./fault-headers.ts";
import { authInfoOf } from "./handler-context.ts";
import { onGone } from "./on-gone.ts";
import type { createProtocolServer } from "./protocol-server.ts";
import { loadSdk } from "./sdk.ts";
import { tell, tellTouched } from "./sessions.ts";
import type { Shared } from "./shared.ts";
import { createWatchList, type WatchList } from "./watch-list.ts";

/** How {@link createSseRoute} is called. */
export interface SseRouteOptions {
  readonly shared: Shared;
  readonly clock: Clock;
  /** Time without a message after which a session ends. */
  readonly idleMs: number;
  readonly max: number;
  /** Path before `/messages` in the address that clients are told, as a proxy shows it. */
  readonly publicPath: string;
  /** Path of the MCP endpoint, under which the transport is served a second time. */
  readonly mcpPath: string;
}

/**
 * The HTTP+SSE transport of 2024 for hosts that know no other: `GET /sse` and `POST /messages`, and the same below the
 * MCP endpoint (`/mcp/sse`), where servers made with FastAPI-MCP have it.
 */
export interface SseRoute {
  plugin(scope: FastifyInstance): Promise<void>;
  readonly counts: SessionCounts;
  notify(change: RegistryChange): void;
  /** Tells the sessions that watch one of these resources. */
  touch(uris: ReadonlySet<string>): void;
  /** Ends idle sessions and finds out which peers have gone. */
  sweep(): void;
  close(): Promise<void>;
}

interface SseSession {
  readonly transport: SSEServerTransport;
  readonly server: Server;
  readonly watched: WatchList;
  readonly response: ServerResponse;
  readonly owner: string;
  seenAt: number;
}

interface Opening {
  readonly Transport: typeof SSEServerTransport;
  readonly createServer: typeof createProtocolServer;
  /** Path of the transport's two routes. */
  readonly below: string;
}

/** Bytes a client may leave unread before its session ends. */
const maxUnread = 16 * 2 ** 20;

export function createSseRoute(options: SseRouteOptions): SseRoute {
  const { shared, clock, idleMs, max } = options;
  const sessions = new Map<string, SseSession>();
  let expired = 0;

  const end = (session: SseSession): void => {
    sessions.delete(session.transport.sessionId);
    void session.server.close().catch(ignore);
  };
  const expire = (session: SseSession): void => {
    expired += 1;
    end(session);
  };
  const expireIdle = (): void => {
    const limit = clock.now() - idleMs;
    for (const session of sessions.values()) if (session.seenAt < limit) expire(session);
  };

  const open = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { Transport, createServer, below }: Opening,
  ): Promise<void> => {
    if (sessions.size >= max) expireIdle();
    if (sessions.size >= max) throw full(max);
    reply.hijack();
    keepHeaders(reply);
    // Of a connection with an unread body nobody hears that it has closed.
    request.raw.resume();
    const transport = new Transport(`${options.publicPath}${below}/messages`, reply.raw);
    const watched = createWatchList();
    const server = createServer(shared, { era: "2025", watched });
    const owner = request.caller.name;
    const session = { transport, server, watched, response: reply.raw, owner, seenAt: clock.now() };
    sessions.set(transport.sessionId, session);
    await server.connect(transport);
    onGone({ request: request.raw, response: reply.raw }, () => end(session));
  };

  const receive = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const session = sessions.get(sessionIdOf(request.query));
    // Another caller's session is as unknown as one that never was.
    if (session === undefined || session.owner !== request.caller.name) {
      throw new ParleyError("E_ROUTE_UNKNOWN", "There is no such session; open one with GET /sse.");
    }
    session.seenAt = clock.now();
    reply.hijack();
    keepHeaders(reply);
    const authorised = Object.assign(request.raw, { auth: authInfoOf(request.caller) });
    await session.transport.handlePostMessage(authorised, reply.raw, request.body);
  };

  return {
    async plugin(scope) {
      const [{ SSEServerTransport: Transport }, { createProtocolServer: createServer }] = await Promise.all([
        import("@modelcontextprotocol/server-legacy/sse"),
        loadSdk(),
      ]);
      const route = { schema: { hide: true }, config: { mcp: true } };
      for (const below of new Set(["", options.mcpPath.replace(/\/+$/, "")])) {
        scope.get(`${below}/sse`, { ...route, exposeHeadRoute: false }, (request, reply) =>
          open(request, reply, { Transport, createServer, below }),
        );
        scope.post(`${below}/messages`, route, receive);
      }
    },
    get counts() {
      return { open: sessions.size, expired };
    },
    notify(change) {
      for (const { server } of sessions.values()) void tell(server, change).catch(ignore);
    },
    touch(uris) {
      for (const session of sessions.values()) void tellTouched(session, uris).catch(ignore);
    },
    sweep() {
      expireIdle();
      for (const session of sessions.values()) {
        if (session.response.writableLength > maxUnread) expire(session);
        else session.response.write(": still here\n\n");
      }
    },
    async close() {
      await Promise.allSettled([...sessions.values()].map(({ server }) => server.close()));
      sessions.clear();
    },
  };
}

function sessionIdOf(query: unknown): string {
  const named: { sessionId?: unknown } = typeof query === "object" && query !== null ? query : {};
  return typeof named.sessionId === "string" ? named.sessionId : "";
}

function full(max: number): ParleyError {
  return new ParleyError(
    "E_SESSION_LIMIT",
    `${max} sessions are open, which is all this server holds; try later.`,
  );
}

/** A session that cannot be told or closed has already gone. */
function ignore(): void {}
