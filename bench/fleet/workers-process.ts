import { simulate } from "@parley/mcpserver";
import type { SimulatedFleet } from "@parley/mcpserver";
import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";
import { cpuSeconds, serveParent } from "../child.ts";

const Join = z.object({ hubUrl: z.string(), secret: z.string() });
const Start = Join.extend({ workers: z.number(), prefix: z.string(), extraTools: z.number() });

const fleets: SimulatedFleet[] = [];

serveParent({
  usage: () => ({ cpuSeconds: cpuSeconds() }),
  start: async (params) => {
    const { workers, prefix, extraTools, ...join } = Start.parse(params);
    const fleet = await simulate({ workers, prefix, extraTools, join });
    fleets.push(fleet);
    return { urls: fleet.workers.map((worker) => worker.url) };
  },
  hang: async (params) => {
    const { hubUrl, secret } = Join.parse(params);
    return { url: await joinHung(hubUrl, secret) };
  },
});

/** A worker that registers as it should, is healthy, and answers no question. */
async function joinHung(hubUrl: string, secret: string): Promise<string> {
  const instance = "inst_hung";
  const server = createServer((request, response) => {
    if (request.url === "/health") response.end(JSON.stringify({ instance }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/mcp`;
  const answer = await fetch(`${hubUrl}/register`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-mcp-token": secret },
    body: JSON.stringify({
      id: "hung",
      url,
      instance,
      credential: "a-credential-of-no-use",
      secretary: { mode: "rules", ready: true },
    }),
  });
  if (!answer.ok) throw new Error(`the hung worker was refused: ${await answer.text()}`);
  return url;
}
