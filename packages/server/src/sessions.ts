import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { NodeStreamableHTTPServerTransport } from "@modelcontextprotocol/node";
import type { Server } from "@modelcontextprotocol/server";
import type { Clock } from "@parley/core";
import type { RegistryChange } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { BegunCalls } from "./begun-calls.ts";
import { type CancelledRequests, createCancelledRequests } from "./cancelled-requests.ts";
import { createEventStore } from "./event-store.ts";
import { authInfoOf } from "./handler-context.ts";
import { onGone } from "./on-gone.ts";
import { loadSdk } from "./sdk.ts";
import { createWatchList, type WatchList } from "./watch-list.ts";

/** One exchange of a 2025-era client, body already read. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: unknown;
  readonly caller: Caller;
}

/** Sessions of 2025-era clients: what lets them hear that a list changed. */
export interface Sessions {
  /** Opens a session for an `initialize` request and answers it; `false` when there is no room for one. */
  open(exchange: Exchange): Promise<boolean>;
  /** Serves an exchange inside a session; `false` when the session is not known to this caller. */
  serve(id: string, exchange: Exchange): Promise<boolean>;
  /** Answers a call in a session known to this caller without the SDK; nothing when that has to answer. */
  begin(id: string, request: PlainCall, caller: Caller): Promise<string | undefined> | undefined;
  /** Whether a session is known to this caller. */
  knows(id: string, caller: Caller): boolean;
  notify(change: RegistryChange): void;
  /** Tells the sessions that watch one of these resources. */
  touch(uris: ReadonlySet<string>): void;
  readonly size: number;
  /** Sessions ended because nobody used them, or to make room for another. */
  readonly expired: number;
  /** Closes sessions that have been idle too long. */
  sweep(): void;
  close(): Promise<void>;
}

/** A call as {@link BegunCalls} takes it. */
type PlainCall = Parameters<BegunCalls["begin"]>[0];

interface SessionsOptions {
  readonly createServer: (watched: WatchList, begun: BegunCalls) => Promise<Server>;
  readonly beginCalls: () => BegunCalls;
  readonly clock: Clock;
  readonly idleMs: number;
  readonly max: number;
}

interface Session {
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly server: Server;
  readonly watched: WatchList;
  readonly begun: BegunCalls;
  readonly cancelled: CancelledRequests;
  readonly owner: string;
  seenAt: number;
  /** Exchanges and streams now open. */
  open: number;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { clock, idleMs, max } = options;
  const sessions = new Map<string, Session>();
  let expired = 0;

  const end = async (id: string, session: Session): Promise<void> => {
    sessions.delete(id);
    await session.server.close();
  };
  const expire = (id: string, session: Session): void => {
    expired += 1;
    void end(id, session).catch(ignore);
  };
  const sweep = (): void => {
    const limit = clock.now() - idleMs;
    for (const [id, session] of sessions) {
      if (session.open === 0 && session.seenAt < limit) expire(id, session);
    }
  };
  const makeRoom = (): boolean => {
    if (sessions.size < max) return true;
    sweep();
    const idlest = [...sessions]
      .filter(([, session]) => session.open === 0)
      .toSorted(([, left], [, right]) => left.seenAt - right.seenAt)[0];
    if (sessions.size >= max && idlest !== undefined) expire(...idlest);
    return sessions.size < max;
  };
  const run = async (session: Session, { request, response, body, caller }: Exchange): Promise<void> => {
    const { cancelled, transport } = session;
    session.open += 1;
    session.seenAt = clock.now();
    const forget = cancelled.sharing(body);
    onGone({ request, response }, () => {
      session.open -= 1;
      session.seenAt = clock.now();
      forget();
    });
    if (cancelled.isPointless(request)) {
      response.writeHead(204).end();
      return;
    }
    await session.begun.yieldTo(body);
    const authorised = Object.assign(request, { auth: authInfoOf(caller) });
    await transport.handleRequest(authorised, response, body);
    await cancelled.end(body);
  };

  /** Another caller's session is as unknown as one that never was. */
  const find = (id: string, { name }: Caller): Session | undefined => {
    const session = sessions.get(id);
    return session?.owner === name ? session : undefined;
  };

  return {
    knows: (id, caller) => find(id, caller) !== undefined,
    begin(id, request, caller) {
      const session = find(id, caller);
      if (session === undefined) return undefined;
      session.open += 1;
      return session.begun.begin(request, caller, () => {
        session.open -= 1;
        session.seenAt = clock.now();
      });
    },
    async open(exchange) {
      if (!makeRoom()) return false;
      const watched = createWatchList();
      const begun = options.beginCalls();
      const server = await options.createServer(watched, begun);
      const { NodeStreamableHTTPServerTransport: Transport } = await loadSdk();
      const events = createEventStore();
      const transport = new Transport({
        sessionIdGenerator: randomUUID,
        eventStore: events,
        retryInterval: retryMs,
        onsessioninitialized: (id) => {
          sessions.set(id, session);
        },
        onsessionclosed: (id) => {
          sessions.delete(id);
        },
      });
      const session: Session = {
        transport,
        server,
        watched,
        begun,
        cancelled: createCancelledRequests(transport, events),
        owner: exchange.caller.name,
        seenAt: clock.now(),
        open: 0,
      };
      await server.connect(transport);
      await run(session, exchange);
      return true;
    },
    async serve(id, exchange) {
      const session = find(id, exchange.caller);
      if (session === undefined) return false;
      await run(session, exchange);
      return true;
    },
    notify(change) {
      for (const { server } of sessions.values()) void tell(server, change).catch(ignore);
    },
    touch(uris) {
      for (const session of sessions.values()) void tellTouched(session, uris).catch(ignore);
    },
    get size() {
      return sessions.size;
    },
    get expired() {
      return expired;
    },
    sweep,
    async close() {
      await Promise.allSettled([...sessions].map(([id, session]) => end(id, session)));
    },
  };
}

/** When a client whose stream ended should come back. */
const retryMs = 1000;

/** Tells one client which of the resources it watches have changed. */
export async function tellTouched(
  { server, watched }: { readonly server: Server; readonly watched: WatchList },
  uris: ReadonlySet<string>,
): Promise<void> {
  for (const uri of uris) if (watched.has(uri)) await server.sendResourceUpdated({ uri });
}

/** Tells one client that a list changed. */
export async function tell(server: Server, change: RegistryChange): Promise<void> {
  if (change === "tools") await server.sendToolListChanged();
  else if (change === "prompts") await server.sendPromptListChanged();
  else if (change === "resources") await server.sendResourceListChanged();
}

/** A session that cannot be told or closed has already gone. */
function ignore(): void {}
