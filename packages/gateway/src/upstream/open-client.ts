import { join } from "node:path";
import { createMcpClient, traceClient } from "@parley/mcp-client";
import type { McpAuth, McpClient, McpCommonOptions } from "@parley/mcp-client";
import { createFileStore, createMemoryStore, createOAuth } from "@parley/mcp-client/oauth";
import { createStdioClient } from "@parley/mcp-client/stdio";
import type { GatewayServer, HttpConnection, StdioConnection } from "../config/gateway-config.ts";

/** What connections to servers need from around the gateway. */
export interface ClientSurroundings {
  /** How the gateway introduces itself. */
  readonly version: string;
  /** What programs get whose entry has `inheritEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** PEM certificates trusted beside the well-known ones. */
  readonly ca?: string | undefined;
  /** A line a started program wrote to its standard error. */
  readonly onStderr?: ((server: string, line: string) => void) | undefined;
  /** Folder of tokens, for entries with `oauth`; without it they are kept in memory. */
  readonly tokenDirectory?: string | undefined;
  /** Shows a person where to grant a server's access. */
  readonly onAuthorize?: ((server: string, url: URL) => void) | undefined;
  /** Stands between the gateway and each connection, as a recorder does, or in its place. */
  readonly wrapClient?: ((server: GatewayServer, open: () => McpClient) => McpClient) | undefined;
}

/** Longest time-out a client is given; the gateway keeps the time of each call itself. */
const longestMs = 86_400_000;

/** Makes the client of a server. @param headers - of the caller it speaks for */
export function openClient(
  server: GatewayServer,
  surroundings: ClientSurroundings,
  { headers, ...common }: McpCommonOptions & { readonly headers?: Readonly<Record<string, string>> },
): McpClient {
  const shared = { name: "parley-gateway", version: surroundings.version, ...common };
  const { connection } = server;
  const open = (): McpClient =>
    connection.kind === "stdio"
      ? overStdio(server.name, connection, { shared, surroundings })
      : overHttp(server, connection, { shared, surroundings, headers });
  return withoutLimit(
    traceClient(surroundings.wrapClient?.(server, open) ?? open(), { "mcp.server.name": server.name }),
  );
}

interface Making {
  readonly shared: McpCommonOptions;
  readonly surroundings: ClientSurroundings;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function overStdio(
  name: string,
  { command, args, env, cwd, inheritEnv }: StdioConnection,
  { shared, surroundings }: Making,
): McpClient {
  const { onStderr } = surroundings;
  return createStdioClient({
    ...shared,
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

function authFor({ name, connection }: GatewayServer, surroundings: ClientSurroundings): McpAuth | undefined {
  if (connection.kind === "stdio" || connection.oauth === undefined) return undefined;
  const { serverUrl, storage, callbackPort, clientName, scope } = connection.oauth;
  const { tokenDirectory, onAuthorize } = surroundings;
  const inFile = storage === "file" && tokenDirectory !== undefined;
  return createOAuth({
    url: serverUrl ?? connection.url,
    clientName,
    scope,
    redirectPort: callbackPort,
    store: inFile ? createFileStore(join(tokenDirectory, `${name}.json`)) : createMemoryStore(),
    onAuthorize: (url) => onAuthorize?.(name, url),
  });
}

/** Calls end when the gateway says so; everything else keeps the client's own time. */
function withoutLimit(client: McpClient): McpClient {
  const limit = { timeoutMs: longestMs, maxTotalMs: longestMs };
  return {
    ...client,
    get era() {
      return client.era;
    },
    get server() {
      return client.server;
    },
    callTool: (name, args, call) => client.callTool(name, args, { ...call, ...limit }),
    readResource: (uri, call) => client.readResource(uri, { ...call, ...limit }),
    getPrompt: (name, args, call) => client.getPrompt(name, args, { ...call, ...limit }),
    request: (method, params, call) => client.request(method, params, { ...call, ...limit }),
  };
}
