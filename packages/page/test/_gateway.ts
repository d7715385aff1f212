import { createGateway } from "@parley/gateway";
import type { Gateway, GatewayKey, GatewayServer } from "@parley/gateway";
import { createGatewayPage } from "@parley/page";
import { createServer } from "@parley/server";
import type { ParleyServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { z } from "zod";
import { attack } from "./_served.ts";
import type { Served } from "./_served.ts";

/** A gateway with its page, and a server behind it that may be taken away. */
export interface ServedGateway extends Served {
  readonly gateway: Gateway;
  /** Takes the server `clock` away. */
  stopClock(): Promise<void>;
}

function upstream(name: string): ParleyServer {
  const registry = createRegistry();
  const zone = z.enum(["UTC", "Europe/Berlin"]).describe("Where the clock hangs");
  registry.addTool(
    defineTool({
      name: "now",
      description: `Tells the time. ${attack}`,
      input: z.object({ zone, hours: z.number().int().min(1).default(24) }),
      handler: ({ zone: where, hours }) => `It is noon in ${where} (${hours} h). ${attack}`,
    }),
  );
  registry.addTool(
    defineTool({
      name: "sorry",
      description: "Always fails.",
      input: z.object({}),
      handler() {
        throw new Error(attack);
      },
    }),
  );
  return createServer({
    name,
    version: attack,
    instructions: attack,
    registry,
    openApi: false,
    closeGraceMs: 50,
  });
}

const at = (name: string, url: string): GatewayServer => ({
  name,
  enabled: true,
  connection: { kind: "http", url, headers: {} },
  tools: { allow: [], deny: [], changes: {} },
});

export async function serveGateway(
  options: { readonly keys?: readonly GatewayKey[]; readonly name?: string } = {},
): Promise<ServedGateway> {
  const clock = upstream(`clock ${attack}`);
  const { url } = await clock.listen({ port: 0 });
  const gateway = createGateway(
    {
      ...options,
      servers: [at("clock", `${url}/mcp`), at("away", "http://127.0.0.1:9/mcp"), at("spare", `${url}/mcp`)],
    },
    { firstBackoffMs: 20, closeGraceMs: 50 },
  );
  await gateway.app.register((scope) => createGatewayPage().plugin(scope));
  const listening = await gateway.listen({ port: 0 });
  await gateway.settled;
  return {
    gateway,
    url: `${listening.url}/`,
    stopClock: () => clock.close(),
    async close() {
      await gateway.close();
      await clock.close();
    },
  };
}
