import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway, openAudit, parseGatewayConfig } from "@parley/gateway";
import { createGatewayMetrics } from "@parley/gateway/metrics";
import { z } from "zod";
import type { Gateway } from "@parley/gateway";
import { serveParent, settledMegabytes } from "../child.ts";

const Start = z.object({ config: z.record(z.string(), z.unknown()) });

const directory = await mkdtemp(join(tmpdir(), "parley-bench-gateway-"));
const closing: (() => Promise<unknown>)[] = [];
process.on("disconnect", () => void rm(directory, { recursive: true, force: true }));

const held: { gateway?: Gateway } = {};

function read({ config }: z.infer<typeof Start>) {
  return parseGatewayConfig(JSON.stringify(config), { path: "bench.json", env: {}, readFile: () => "" });
}

/** A gateway with everything on that a real one has: keys, policy, audit log, metrics. */
async function start(given: z.infer<typeof Start>) {
  const startedAt = performance.now();
  const { servers, keys } = read(given);
  const audit = await openAudit({ path: join(directory, "audit.jsonl") });
  const gateway = createGateway(
    { servers, keys },
    {
      metrics: createGatewayMetrics(),
      safety: { sinks: [audit] },
      observers: [audit.observer],
      closeGraceMs: 100,
    },
  );
  held.gateway = gateway;
  closing.push(
    () => gateway.close(),
    () => audit.close(),
  );
  const { url } = await gateway.listen();
  const listeningMs = performance.now() - startedAt;
  await gateway.settled;
  const ready = gateway.servers.filter(({ state }) => state === "ready").length;
  return { url, pid: process.pid, listeningMs, readyMs: performance.now() - startedAt, ready };
}

serveParent({
  start: (params) => start(Start.parse(params)),
  reload: async (params) => await held.gateway?.reload(read(Start.parse(params))),
  memory: async () => {
    const rssMb = await settledMegabytes();
    return { rssMb, heapMb: process.memoryUsage().heapUsed / 1e6 };
  },
  close: async () => {
    for (const close of closing) await close();
    return null;
  },
});
