import { createMcpClient, traceClient } from "@parley/mcp-client";
import type { AddressCheck, McpClient, McpCommonOptions } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import type { GatewayServer, HttpConnection, StdioConnection } from "../config/gateway-config.ts";
import { authFor } from "./oauth-client.ts";

/** What connections to servers need from around the gateway. */
export interface ClientSurroundings {
  /** How the gateway introduces itself. */
  readonly version: string;
  /** What programs get whose entry has `inheritEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** PEM certificates trusted beside the well-known ones. */
  readonly ca?: string | undefined;
  /** Time a program may take to start and to answer, for entries that say nothing (default 600,000). */
  readonly startTimeoutMs?: number | undefined;
  /** Decides about each address before it is connected to. */
  readonly checkAddress?: AddressCheck | undefined;
  /** A line a started program wrote to its standard error. */
  readonly onStderr?: ((server: string, line: string) => void) | undefined;
  /** Folder of tokens, for entries with `oauth`; without it they are kept in memory. */
  readonly tokenDirectory?: string | undefined;
  /**
   * Shows a person where to grant a server's access. May return the url the browser was sent back to, for a browser on
   * another machine; otherwise it is awaited on this one.
   */
  readonly onAuthorize?: ((server: string, url: URL) => void | Promise<string | void>) | undefined;
  /** Stands between the gateway and each connection, as a recorder does, or in its place. */
  readonly wrapClient?: ((server: GatewayServer, open: () => McpClient) => McpClient) | undefined;
}

/** Long enough for a large package over a slow line. */
const defaultStartMs = 600_000;

/** Makes the client of a server. @param headers - of the caller it speaks for */
export function openClient(
  server: GatewayServer,
  surroundings: ClientSurroundings,
  {
    headers,
    ...common
  }: McpCommonOptions & { readonly headers?: Readonly<Record<string, string>> | undefined },
): McpClient {
  // Calls end when the gateway says so; everything else keeps the client's own time.
  const shared = {
    name: "parley-gateway",
    version: surroundings.version,
    unlimitedCalls: true,
    ...common,
  };
  const { connection } = server;
  const open = (): McpClient =>
    connection.kind === "stdio"
      ? overStdio(server, connection, { shared, surroundings })
      : overHttp(server, connection, { shared, surroundings, headers });
  const client = surroundings.wrapClient?.(server, open) ?? open();
  return traceClient(client, { "mcp.server.name": server.name });
}

interface Making {
  readonly shared: McpCommonOptions;
  readonly surroundings: ClientSurroundings;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function overStdio(
  { name, startTimeoutMs }: GatewayServer,
  { command, args, env, cwd, inheritEnv }: StdioConnection,
  { shared, surroundings }: Making,
): McpClient {
  const { onStderr } = surroundings;
  return createStdioClient({
    ...shared,
    startTimeoutMs: startTimeoutMs ?? surroundings.startTimeoutMs ?? defaultStartMs,
    command,
    args,
    env,
    ...(inheritEnv ? { passOn: surroundings.env } : {}),
    cwd,
    onStderr: (line) => onStderr?.(name, line),
  });
}

function overHttp(
  server: GatewayServer,
  { kind, url, headers }: HttpConnection,
  { shared, surroundings, headers: own = {} }: Making,
): McpClient {
  // Whoever brings a token of its own is not to act with the one a person granted the gateway.
  const auth = own["authorization"] === undefined ? authFor(server, surroundings) : undefined;
  return createMcpClient({
    ...shared,
    url,
    transport: kind,
    headers: withoutEmpty({ ...lowered(headers), ...own }),
    ca: surroundings.ca,
    checkAddress: surroundings.checkAddress,
    ...(auth === undefined ? {} : { auth }),
  });
}

/** A caller's own header takes the place of the entry's, whatever the case of the two. */
function lowered(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** An empty text of a caller's leaves the entry's header out. */
function withoutEmpty(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
}
