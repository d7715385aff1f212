import type { Readable, Writable } from "node:stream";
import { serveStdio as serveConnection, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Server } from "@modelcontextprotocol/server";
import { allScopes, type Registry } from "@parley/tool-registry";
import { createCalls } from "./calls.ts";
import { createLists } from "./lists.ts";
import { createProtocolServer, type Identity, type Shared } from "./protocol-server.ts";
import { tell } from "./sessions.ts";

/** How {@link serveStdio} is called. */
export interface ServeStdioOptions extends Identity {
  readonly registry: Registry;
  /** Default: this process's standard input. */
  readonly input?: Readable | undefined;
  /** Default: this process's standard output. Nothing but the protocol may be written there. */
  readonly output?: Writable | undefined;
  /** Time a tool may take; default 10 minutes, 0 for no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Ends the connection. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Serves a registry to the one client at the other end of a pipe, in the era it opens with. The client is the
 * user who started the process: it has all scopes.
 * @returns when the input ends.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<void> {
  const { registry, input = process.stdin, output = process.stdout, signal } = options;
  const shared: Shared = {
    identity: options,
    registry,
    lists: createLists(registry),
    calls: createCalls({ registry, deadlineMs: options.requestTimeoutMs ?? 600_000 }),
    caller: { name: "stdio", scopes: allScopes },
  };
  const servers = new Set<Server>();
  const transport = new StdioServerTransport(input, output);
  const handle = serveConnection(
    () => {
      const server = createProtocolServer(shared);
      servers.add(server);
      return server;
    },
    { transport },
  );
  const stop = registry.onChange((change) => {
    for (const server of servers) {
      // An instance that only answered the opening probe is closed and has nobody to tell.
      if (server.transport !== undefined) tell(server, change).catch(() => undefined);
    }
  });
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
    input.once("end", resolve);
    input.once("close", resolve);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted === true) end();
  });
  signal?.removeEventListener("abort", end);
  stop();
  await handle.close();
}
