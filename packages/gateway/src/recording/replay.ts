import { ParleyError } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { createMount } from "@parley/mount";
import { createServer } from "@parley/server";
import type { ParleyServer, ServerOptions } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import type { GatewayServer } from "../config/gateway-config.ts";
import { createGateway } from "../create-gateway.ts";
import type { Gateway, GatewayConfig, GatewayDependencies } from "../gateway.ts";
import type { Recording, ServerRecording } from "./read-recording.ts";
import { replayClient } from "./replay-client.ts";

/** What a gateway needs to answer from a recording: its servers, and clients in place of theirs. */
export interface Replay {
  readonly servers: readonly GatewayServer[];
  /** For `createGateway`, as its `wrapClient`. */
  readonly wrapClient: (server: GatewayServer) => McpClient;
}

/** The servers of a recording, for a gateway that is made otherwise than by {@link replayGateway}. */
export function createReplay({ servers }: Recording): Replay {
  const known = new Map(servers.map((server) => [server.name, server] as const));
  return {
    servers: servers.map(stoodIn),
    wrapClient: ({ name }) => replayClient(known.get(name) ?? nothingOf(name)),
  };
}

/** A gateway whose servers answer from a recording; none of them is started or connected to. */
export function replayGateway(
  recording: Recording,
  config: Omit<GatewayConfig, "servers"> = {},
  deps: GatewayDependencies = {},
): Gateway {
  const { servers, wrapClient } = createReplay(recording);
  return createGateway({ ...config, servers }, { ...deps, wrapClient });
}

/** How {@link replayServer} is called. */
export interface ReplayServerOptions extends Partial<Omit<ServerOptions, "registry">> {
  /** Which server of the recording; needed where there are several. */
  readonly server?: string | undefined;
}

/**
 * One server of a recording as an MCP server over HTTP: a fixture for the tests of whatever speaks to such a server.
 * Its tools are there before it is returned.
 * @throws `E_OBJECT_UNKNOWN` naming those there are
 */
export async function replayServer(
  recording: Recording,
  { server: wanted, ...options }: ReplayServerOptions = {},
): Promise<ParleyServer> {
  const found = pick(recording, wanted);
  const registry = createRegistry();
  const mount = createMount({ name: found.name, registry, prefix: "", connect: () => replayClient(found) });
  const server = createServer({ name: found.name, version: "1.0", openApi: false, ...options, registry });
  server.app.addHook("onClose", () => mount.close());
  await mount.ready;
  return server;
}

function pick({ servers }: Recording, wanted: string | undefined): ServerRecording {
  const [only, ...others] = servers;
  const found =
    wanted === undefined && others.length === 0 ? only : servers.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = servers.map(({ name }) => name).join(", ");
  throw new ParleyError(
    "E_OBJECT_UNKNOWN",
    `The recording has no server named ${JSON.stringify(wanted ?? "")}; it has ${names}.`,
  );
}

/** Its connection is never used; what it was is shown. */
function stoodIn({ name, transport, tools }: ServerRecording): GatewayServer {
  const connection =
    transport === "stdio"
      ? ({ kind: "stdio", command: "recorded", args: [], env: {}, inheritEnv: false } as const)
      : ({ kind: transport, url: "http://recorded.invalid/mcp", headers: {} } as const);
  return { name, enabled: true, connection, tools };
}

function nothingOf(name: string): ServerRecording {
  return {
    name,
    transport: "stdio",
    tools: { allow: [], deny: [], changes: {} },
    info: {},
    lists: {},
    calls: [],
  };
}
