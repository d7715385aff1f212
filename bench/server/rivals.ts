import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createProbe } from "node:net";
import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

/** The v1 SDK over node:http with a session per client, as its documentation shows it. */
export async function listenSdk(tools: number): Promise<string> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const server = new McpServer({ name: "bench", version: "0.0.0" });
    for (let index = 0; index < tools; index += 1) {
      server.registerTool(
        `echo_${index}`,
        { description: "Returns its argument.", inputSchema: { text: z.string() } },
        ({ text }) => ({ content: [{ type: "text", text }] }),
      );
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server.connect(transport);
    return transport;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    await (known ?? (await open())).handleRequest(request, response);
  };
  const http = createHttpServer((request, response) => void serve(request, response));
  const port = await freePort();
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${port}/mcp`;
}

/** The part of FastMCP that is used here. */
interface FastMcp {
  addTool(tool: object): void;
  start(options: object): Promise<void>;
}

const Module = z.looseObject({
  FastMCP: z.custom<new (options: object) => FastMcp>((value) => typeof value === "function"),
});

/** FastMCP with sessions over its HTTP transport. */
export async function listenFastMcp(module: string, tools: number): Promise<string> {
  const { FastMCP } = Module.parse(await import(module));
  const server = new FastMCP({ name: "bench", version: "0.0.0" });
  for (let index = 0; index < tools; index += 1) {
    server.addTool({
      name: `echo_${index}`,
      description: "Returns its argument.",
      parameters: z.object({ text: z.string() }),
      execute: async ({ text }: { text: string }) => text,
    });
  }
  const port = await freePort();
  await server.start({ transportType: "httpStream", httpStream: { port, host: "127.0.0.1" } });
  return `http://127.0.0.1:${port}/mcp`;
}

/** FastMCP does not say which port it was given. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createProbe().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
