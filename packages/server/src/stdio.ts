import type { Readable, Writable } from "node:stream";
import type { Server } from "@modelcontextprotocol/server";
import { systemClock } from "@parley/core";
import { allScopes, type Registry } from "@parley/tool-registry";
import { createCalling, drainCalling } from "./calling.ts";
import type { Era } from "./eras.ts";
import { serveEvents } from "./events/serve-events.ts";
import { createLists } from "./lists.ts";
import type { Observer } from "./observer.ts";
import type { Identity } from "./identity.ts";
import type { createProtocolServer } from "./protocol-server.ts";
import { createStateSeal } from "./request-state.ts";
import { checkedLines } from "./stdio-lines.ts";
import { loadSdk } from "./sdk.ts";
import { tell, tellTouched } from "./sessions.ts";
import type { Shared } from "./shared.ts";
import type { TaskServing } from "./tasks.ts";
import { createTouches, createWatchList, type WatchList } from "./watch-list.ts";

/** How {@link serveStdio} is called. */
export interface ServeStdioOptions extends Identity {
  readonly registry: Registry;
  /** Default: this process's standard input. */
  readonly input?: Readable | undefined;
  /** Default: this process's standard output. Nothing but the protocol may be written there. */
  readonly output?: Writable | undefined;
  /** Time a tool may take; default 10 minutes, 0 for no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Told of every finished call. */
  readonly observers?: readonly Observer[] | undefined;
  /** How calls of tools with `task` outlive their requests; default: tasks live as long as the connection. */
  readonly tasks?: TaskServing | undefined;
  /** Ends the connection. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Serves a registry to the one client at the other end of a pipe, in the era it opens with. The client is the
 * user who started the process: it has all scopes.
 * @returns when the input ends.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<void> {
  const { input = process.stdin, output = process.stdout, signal } = options;
  const { createProtocolServer: createServer, serveStdio: serveConnection, ...sdk } = await loadSdk();
  const seal = createStateSeal();
  const deadlineMs = options.requestTimeoutMs ?? 600_000;
  const calling = createCalling({
    registry: options.registry,
    seal,
    deadlineMs,
    observers: options.observers,
    tasks: options.tasks,
  });
  const { registry, calls, tasks } = calling;
  const shared: Shared = {
    identity: options,
    registry,
    lists: createLists(registry),
    calls,
    seal,
    tasks,
    caller: { name: "stdio", scopes: allScopes },
  };
  const connections = new Set<Connection>();
  const lines = checkedLines(output);
  const transport = new sdk.StdioServerTransport(lines, output);
  const handle = serveConnection(
    ({ era }) => {
      const connection = connect(createServer, shared, era === "modern" ? "2026" : "2025");
      connections.add(connection);
      return connection.server;
    },
    { transport },
  );
  const stop = tellConnections(registry, connections);
  const endEvents = serveEvents({ registry, clock: systemClock });
  const end = (): void => {
    void handle.close();
  };
  await new Promise<void>((resolve) => {
    const closed = transport.onclose;
    Object.assign(transport, {
      onclose: () => {
        closed?.();
        resolve();
      },
    });
    lines.once("end", resolve);
    input.once("close", () => lines.end());
    input.pipe(lines);
    // It may have gone while the SDK was loading.
    if (input.destroyed) lines.end();
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted === true) end();
  });
  signal?.removeEventListener("abort", end);
  input.unpipe(lines).pause();
  stop();
  endEvents();
  await handle.close();
  await drainCalling(calling, 0);
}

interface Connection {
  readonly server: Server;
  readonly watched: WatchList;
}

/** A client of 2026-07-28 watches through a subscription that the SDK filters: it is told of every touch. */
function connect(createServer: typeof createProtocolServer, shared: Shared, era: Era): Connection {
  const watched = createWatchList();
  const server = createServer(shared, { era, watched });
  return { server, watched: era === "2026" ? { ...watched, has: () => true } : watched };
}

/** Tells of changes until the returned function is called. */
function tellConnections(registry: Registry, connections: ReadonlySet<Connection>): () => void {
  /** An instance that only answered the opening probe is closed and has nobody to tell. */
  const live = (): Connection[] => [...connections].filter(({ server }) => server.transport !== undefined);
  const touches = createTouches((uris) => {
    for (const connection of live()) tellTouched(connection, uris).catch(() => undefined);
  });
  const stops = [
    registry.onChange((change) => {
      for (const { server } of live()) tell(server, change).catch(() => undefined);
    }),
    registry.onTouch((uri) => touches.add(uri)),
  ];
  return () => {
    for (const stop of stops) stop();
    touches.close();
  };
}
