import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import Fastify from "fastify";
import { z } from "zod";
import { cpuSeconds, serveParent } from "../child.ts";

const Start = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("echo") }),
  z.object({ kind: z.literal("mcp"), tools: z.number(), fastPath: z.boolean() }),
]);

serveParent({
  start: async (params) => {
    const options = Start.parse(params);
    return { url: options.kind === "echo" ? await listenEcho() : await listenMcp(options) };
  },
  usage: () => ({ cpuSeconds: cpuSeconds() }),
});

/** The least a JSON server can do: parse the body, answer with a part of it. */
async function listenEcho(): Promise<string> {
  const app = Fastify();
  app.post<{ Body: unknown }>("/mcp", async ({ body }) => ({ echo: body }));
  return `${await app.listen({ host: "127.0.0.1", port: 0 })}/mcp`;
}

async function listenMcp(options: { readonly tools: number; readonly fastPath: boolean }): Promise<string> {
  const registry = createRegistry();
  for (let index = 0; index < options.tools; index += 1) {
    registry.addTool(
      defineTool({
        name: `echo_${index}`,
        description: "Returns its argument.",
        input: z.object({ text: z.string() }),
        handler: ({ text }) => text,
      }),
    );
  }
  const server = createServer({ name: "bench", version: "0.0.0", registry, fastPath: options.fastPath });
  return `${(await server.listen()).url}/mcp`;
}
