import { createServer } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { z } from "zod";
import { serveParent, settledMegabytes } from "../child.ts";

const registry = createRegistry();
registry.addTool(
  defineTool({
    name: "echo",
    description: "Echoes.",
    input: z.object({ text: z.string() }),
    handler: ({ text }) => text,
  }),
);
const server = createServer({
  name: "soak",
  version: "0.0.0",
  registry,
  metrics: createMetrics(),
  sse: true,
  maxSessions: 200,
});

serveParent({
  start: async () => ({ url: (await server.listen()).url }),
  memory: async () => {
    const rssMb = await settledMegabytes();
    return { rssMb, heapMb: process.memoryUsage().heapUsed / 1e6 };
  },
  activity: () => {
    const { sessions, sse, runningCalls } = server.activity();
    return { sessions: sessions.open, expired: sessions.expired, streams: sse.open, runningCalls };
  },
});
