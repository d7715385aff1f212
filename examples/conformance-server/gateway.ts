import { createGateway, parseGatewayConfig } from "@parley/gateway";
import type { Served } from "./fleet.ts";
import { conformanceServer } from "./server.ts";

/** How the gateway reaches the fixtures. */
export type GatewayUpstream = "http" | "stdio";

/** Names are the fixtures' own, because the suite calls tools by name: the server is alone behind the gateway. */
const alone = true;

/** The same fixtures behind a gateway: the suite calls `/mcp` of the gateway, which calls them over HTTP or stdio. */
export async function conformanceGateway(upstream: GatewayUpstream): Promise<Served> {
  const server = upstream === "http" ? conformanceServer() : undefined;
  const { url: upstreamUrl = "" } = (await server?.listen()) ?? {};
  const entry = server === undefined ? program() : { type: "streamable-http", url: `${upstreamUrl}/mcp` };
  const { servers } = parseGatewayConfig(JSON.stringify({ mcpServers: { fixtures: entry } }), {
    path: "gateway.ts",
    env: {},
    readFile: () => "",
  });
  const gateway = createGateway({ servers, alone });
  const { url } = await gateway.listen();
  await gateway.settled;
  return {
    url,
    async close() {
      await gateway.close();
      await server?.close();
    },
  };
}

function program() {
  return {
    command: process.execPath,
    args: ["--conditions=@parley/source", "--import", "tsx", "stdio.ts"],
    cwd: import.meta.dirname,
    inheritEnv: false,
  };
}
