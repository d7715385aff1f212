import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ParleyError } from "@parley/core";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

/** A server on a free port of this machine. */
export interface Served {
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

/** A request as these tests send it; absent for a request without a body. */
interface RpcBody {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly cursor?: string; readonly _meta: Readonly<Record<string, unknown>> };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: RpcBody;
}

export type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** Serves every request by a handler, keeping what was asked. */
export async function serve(handler: Handler): Promise<Served> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const raw = await text(request);
      const entry = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: raw ? JSON.parse(raw) : undefined,
      };
      seen.push(entry);
      await handler(entry, response);
    })();
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export const event = (message: unknown): string => `event: message\ndata: ${JSON.stringify(message)}\n\n`;

export const discovery = {
  resultType: "complete",
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  serverInfo: { name: "hand-made", version: "1" },
  ttlMs: 0,
  cacheScope: "private",
};

/** A responder of the 2026-07-28 revision: what a call answers is up to the test. */
export async function serveModern(handler: Handler): Promise<Served> {
  return await serve(async (seen, response) => {
    const { id, method } = seen.body ?? {};
    if (method === "server/discover") return reply(response, 200, { jsonrpc: "2.0", id, result: discovery });
    await handler(seen, response);
  });
}

export function result(seen: Seen, value: object): object {
  return { jsonrpc: "2.0", id: seen.body.id, result: { resultType: "complete", ...value } };
}

/** A legacy server with a session, up to what a test is about. */
export function legacy(handler: Handler): Handler {
  return (seen, response) => {
    const { id, method } = seen.body ?? {};
    if (seen.method === "GET" || seen.method === "DELETE") return handler(seen, response);
    if (method === "server/discover") return reply(response, 400, "no");
    if (method === "initialize") {
      response.setHeader("mcp-session-id", "s-1");
      const serverInfo = { name: "old", version: "0" };
      const capabilities = { resources: { subscribe: true }, logging: {} };
      return reply(response, 200, {
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-11-25", capabilities, serverInfo },
      });
    }
    if (id === undefined) return void response.writeHead(202).end();
    return handler(seen, response);
  };
}

function createV1(): McpServer {
  const server = new McpServer({ name: "v1", version: "1.0.0" });
  server.registerTool("echo", { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  server.registerTool("slow", {}, async (extra) => {
    const progressToken = extra._meta?.progressToken;
    for (let progress = 1; progress <= 4; progress += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (progressToken === undefined) continue;
      await extra.sendNotification({ method: "notifications/progress", params: { progressToken, progress } });
    }
    return { content: [{ type: "text", text: "done" }] };
  });
  server.registerTool("fail", {}, () => ({ isError: true, content: [{ type: "text", text: "no" }] }));
  server.registerTool("huge", {}, () => ({ content: [{ type: "text", text: "x".repeat(100_000) }] }));
  server.registerResource("r", "x://r", {}, (uri) => ({ contents: [{ uri: uri.href, text: "r" }] }));
  return server;
}

/** A server of the v1 SDK with sessions; `sessions` can be emptied to make it forget. */
export async function serveV1(): Promise<
  Served & { readonly sessions: Map<string, StreamableHTTPServerTransport> }
> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer((request, response) => {
    void (async () => {
      const raw = await text(request);
      const body = raw ? JSON.parse(raw) : undefined;
      seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      const id = request.headers["mcp-session-id"];
      const known = typeof id === "string" ? sessions.get(id) : undefined;
      if (known) return await known.handleRequest(request, response, body);
      if (id !== undefined) {
        return reply(response, 404, {
          jsonrpc: "2.0",
          id: null,
          error: { code: -32_001, message: "Session not found" },
        });
      }
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (session) => void sessions.set(session, transport),
        onsessionclosed: (session) => void sessions.delete(session),
      });
      await createV1().connect(transport);
      await transport.handleRequest(request, response, body);
    })();
  });
  const seen: Seen[] = [];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    sessions,
    close: async () => {
      for (const transport of sessions.values()) await transport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The error a call is refused with. */
export async function errorOf(call: Promise<unknown>): Promise<ParleyError> {
  try {
    await call;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}
