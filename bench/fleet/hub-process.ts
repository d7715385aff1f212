import { createMemoryDatabase, getDefaultDatabase } from "@parley/databases";
import { createHub } from "@parley/fleet";
import { createServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { z } from "zod";
import { cpuSeconds, serveParent, settledMegabytes } from "../child.ts";

const secret = "bench-join-secret";
const registry = createRegistry();
const directory = await mkdtemp(join(tmpdir(), "parley-bench-"));
process.once("exit", () => void rm(directory, { recursive: true, force: true }));
const stored = await getDefaultDatabase(directory).catch(() => ({ database: createMemoryDatabase() }));
const hub = createHub({ secret, askTimeoutMs: 20_000 }, { registry, database: stored.database });
const server = createServer({ name: "hub", version: "0.0.0", registry, health: () => hub.summary() });
await server.app.register(hub.plugin);
await hub.start();
const { url } = await server.listen();
const dispatcher = new Agent({ connections: 1 });

const HealthRound = z.object({ urls: z.array(z.string()) });

serveParent({
  where: () => ({ url, secret }),
  usage: () => ({ cpuSeconds: cpuSeconds(), tools: registry.tools.length, ...hub.summary().workers }),
  memory: async () => ({ megabytes: await settledMegabytes() }),
  /** What the transport alone costs: one GET to each worker at once, its body read. */
  healthRound: async (params) => {
    const { urls } = HealthRound.parse(params);
    const startedMs = performance.now();
    const cpu = cpuSeconds();
    await Promise.all(
      urls.map(async (at) => (await request(new URL("/health", at), { dispatcher })).body.text()),
    );
    return { ms: performance.now() - startedMs, cpuSeconds: cpuSeconds() - cpu };
  },
});
