import { createServer, staticToken } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { createRegistry, defineTool } from "@parley/tool-registry";
import Fastify from "fastify";
import { z } from "zod";
import { cpuSeconds, serveParent } from "../child.ts";
import { listenFastMcp, listenSdk } from "./rivals.ts";

const Start = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("echo") }),
  z.object({ kind: z.literal("bytes"), text: z.string() }),
  z.object({ kind: z.literal("sdk"), tools: z.number() }),
  z.object({ kind: z.literal("fastmcp"), tools: z.number(), module: z.string() }),
  z.object({
    kind: z.literal("mcp"),
    tools: z.number(),
    fastPath: z.boolean(),
    /** With the metrics on, and this token asked for. */
    token: z.string().optional(),
  }),
]);
type Start = z.infer<typeof Start>;

serveParent({
  start: async (params) => ({ url: await listen(Start.parse(params)) }),
  usage: () => ({ cpuSeconds: cpuSeconds() }),
});

function listen(options: Start): Promise<string> {
  switch (options.kind) {
    case "echo":
      return listenEcho();
    case "bytes":
      return listenBytes(options.text);
    case "sdk":
      return listenSdk(options.tools);
    case "fastmcp":
      return listenFastMcp(options.module, options.tools);
    default:
      return listenMcp(options);
  }
}

/** The least it takes to read a JSON body and answer with a text that is there already. */
async function listenBytes(text: string): Promise<string> {
  const app = Fastify();
  app.post("/mcp", async (_request, reply) => reply.type("application/json").send(text));
  return `${await app.listen({ host: "127.0.0.1", port: 0 })}/mcp`;
}

/** The least a JSON server can do: parse the body, answer with a part of it. */
async function listenEcho(): Promise<string> {
  const app = Fastify();
  app.post<{ Body: unknown }>("/mcp", async ({ body }) => ({ echo: body }));
  return `${await app.listen({ host: "127.0.0.1", port: 0 })}/mcp`;
}

async function listenMcp(options: Extract<Start, { kind: "mcp" }>): Promise<string> {
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
  const { fastPath, token } = options;
  const guarded = token === undefined ? {} : { metrics: createMetrics(), authenticator: staticToken(token) };
  const server = createServer({ name: "bench", version: "0.0.0", registry, fastPath, ...guarded });
  return `${(await server.listen()).url}/mcp`;
}
