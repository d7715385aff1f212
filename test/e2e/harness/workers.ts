import { createServer as createHttpServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { newId } from "@parley/core";
import { anonymous, createServer } from "@parley/server";
import { createRegistry, toolResult } from "@parley/tool-registry";
import type { Registry, Tool } from "@parley/tool-registry";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { http } from "./clients.ts";
import type { HttpAnswer } from "./clients.ts";
import { secret } from "./nodes.ts";

/** `POST /register` as a worker sends it. */
export function register(hub: { readonly base: string }, body: unknown, token = secret): Promise<HttpAnswer> {
  return http(`${hub.base}/register`, { body, headers: { "x-mcp-token": token } });
}

export interface Stranger {
  readonly id: string;
  readonly url: string;
  readonly registry: Registry;
  readonly registration: Record<string, unknown>;
  readonly lease: string;
  beat(): Promise<HttpAnswer>;
  /** Stops beating, as a frozen process does; {@link Stranger.beat} still works. */
  fallSilent(): void;
  close(): Promise<void>;
}

/** A worker of our protocol whose tools a test writes, so that it may lie, hang or babble. It beats until it closes. */
export async function startStranger(
  hub: { readonly base: string },
  id: string,
  tools: readonly Tool[],
): Promise<Stranger> {
  const registry = createRegistry();
  registry.replace("site", { tools });
  const instance = newId("inst");
  const server = createServer({
    name: "stranger",
    version: "1",
    registry,
    authenticator: anonymous(),
    closeGraceMs: 10,
    health: () => ({ instance }),
  });
  const { url: base } = await server.listen({ port: 0 });
  const url = `${base}/mcp`;
  const registration = { id, url, labels: {}, manifest: {}, instance, credential: "c".repeat(32) };
  const reply = await register(hub, registration);
  if (reply.status !== 200) throw new Error(`${id} could not register: ${reply.text}`);
  const lease = String(reply.body.lease);
  const beat = (): Promise<HttpAnswer> =>
    http(`${hub.base}/register/${id}/heartbeat`, {
      body: { toolsVersion: registry.version },
      headers: { "x-mcp-token": secret, "x-parley-lease": lease },
    });
  const timer = setInterval(() => void beat().catch(() => undefined), 500);
  const fallSilent = (): void => clearInterval(timer);
  const close = async (): Promise<void> => {
    fallSilent();
    await server.close();
  };
  onTestFinished(close);
  return { id, url, registry, registration, lease, beat, fallSilent, close };
}

/** A tool that answers with what a function gives, whatever it is asked. */
export function answers(
  name: string,
  give: (args: Record<string, unknown>, signal: AbortSignal) => unknown,
): Tool {
  return {
    name,
    description: `Stands in for ${name}.`,
    inputSchema: { type: "object" },
    call: async (args, { signal }) => {
      const given = await give({ ...args }, signal);
      const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
      return isObject
        ? toolResult({ structured: { ...given } })
        : { content: [{ type: "text", text: typeof given === "string" ? given : JSON.stringify(given) }] };
    },
  };
}

export interface SeedWorker {
  readonly url: string;
  readonly calls: { name: string; args: Record<string, unknown>; authorization: string | undefined }[];
  close(): Promise<void>;
}

interface SeedAnswers {
  /** Text of `ask_secretary`; absent leaves the tool out. */
  readonly proposal?: string;
  /** Text of `submit`, or a function that gives it late. */
  readonly submit?: () => unknown;
  readonly manifest?: Record<string, unknown>;
}

/** A worker as the seed's hub knew them: an old-SDK server whose tools answer in JSON texts. It only serves. */
export async function startSeedWorker(id: string, given: SeedAnswers): Promise<SeedWorker> {
  const calls: SeedWorker["calls"] = [];
  const text = (value: unknown): { content: { type: "text"; text: string }[] } => ({
    content: [{ type: "text", text: typeof value === "string" ? value : JSON.stringify(value) }],
  });
  const build = (authorization: string | undefined): McpServer => {
    const server = new McpServer({ name: "MCP Server Gateway", version: "0.0.18" });
    const note = (name: string, args: Record<string, unknown>): void => {
      calls.push({ name, args, authorization });
    };
    server.registerTool("get_status", { description: "Level 1" }, () => {
      note("get_status", {});
      return text({ worker_id: id, timestamp: 1.5, manifest: given.manifest ?? {} });
    });
    const request = { request: z.string() };
    if (given.proposal !== undefined) {
      server.registerTool("ask_secretary", { description: "Level 2", inputSchema: request }, (args) => {
        note("ask_secretary", args);
        return text({ worker_id: id, proposal: given.proposal });
      });
    }
    if (given.submit !== undefined) {
      server.registerTool("submit", { description: "Submit", inputSchema: request }, async (args) => {
        note("submit", args);
        return text(await given.submit?.());
      });
    }
    return server;
  };
  const listener = createHttpServer((request, response) => {
    if (request.url === "/health") {
      response.setHeader("content-type", "application/json").end('{"status":200,"message":"OK"}');
      return;
    }
    void (async () => {
      const server = build(request.headers.authorization);
      const transport = new StreamableHTTPServerTransport();
      response.on("close", () => void server.close());
      await server.connect(transport);
      await transport.handleRequest(request, response);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      listener.closeAllConnections();
      listener.close(() => resolve());
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/mcp`, calls, close };
}
