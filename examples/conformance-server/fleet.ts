import { setTimeout as sleep } from "node:timers/promises";
import { createMemoryDatabase } from "@parley/databases";
import { createHub } from "@parley/fleet";
import { createServer } from "@parley/server";
import { createRegistry, type Registry } from "@parley/tool-registry";
import { conformanceServer } from "./server.ts";

const secret = "conformance";
const prefix = "site_";

/** A running server and how to end it. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The same fixtures on a worker: a hub mirrors them, and a server in front gives the mirrored tools their names back,
 * because the suite calls tools by name. Each call goes front, hub, worker and back.
 */
export async function conformanceFleet(): Promise<Served> {
  const worker = conformanceServer();
  const { url: workerUrl } = await worker.listen();
  const registry = createRegistry();
  const hub = createHub({ secret }, { registry, database: createMemoryDatabase() });
  const hubServer = createServer({ name: "hub", version: "1.0.0", registry });
  await hubServer.app.register(hub.plugin);
  const { url: hubUrl } = await hubServer.listen();
  await hub.start();
  await join(hubUrl, workerUrl);
  const front = createServer({ name: "front", version: "1.0.0", registry: await renamed(registry) });
  const { url } = await front.listen();
  return {
    url,
    async close() {
      await front.close();
      await hub.close();
      await hubServer.close();
      await worker.close();
    },
  };
}

/** Registers as a server of somebody else's would: the hub needs no more than its address and the secret. */
async function join(hubUrl: string, workerUrl: string): Promise<void> {
  const response = await fetch(`${hubUrl}/register`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-mcp-token": secret },
    body: JSON.stringify({ id: "site", url: `${workerUrl}/mcp`, labels: {}, manifest: {} }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new Error(`The hub refused the worker: ${response.status} ${await response.text()}`);
}

async function renamed(mirrored: Registry): Promise<Registry> {
  const deadline = Date.now() + 10_000;
  while (mirrored.tool(`${prefix}test_simple_text`) === undefined) {
    if (Date.now() > deadline) throw new Error("The hub did not mirror the worker's tools within 10 s.");
    await sleep(20);
  }
  const registry = createRegistry();
  const tools = mirrored.tools.filter(({ name }) => name.startsWith(prefix));
  registry.replace("hub", {
    tools: tools.map((tool) => ({ ...tool, name: tool.name.slice(prefix.length), origin: "hub" })),
  });
  return registry;
}
