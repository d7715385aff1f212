import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer, type ParleyServer, type ServerOptions } from "@parley/server";
import { createRegistry, defineTool, type Registry, type Tool, toolResult } from "@parley/tool-registry";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** A tool as a remote server might describe it. */
export const oddTool: Tool = {
  name: "odd",
  title: 'Odd (quoted "name")',
  description: "Takes what it gets.",
  inputSchema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { port: { type: "integer", minimum: 0 } },
    type: "object",
    properties: {
      url: { type: "string" },
      info: { type: "object", additionalProperties: { $ref: "#/$defs/port" } },
      from: { type: ["string", "null"] },
      args: { type: "array", items: { type: "string" }, "x-custom": { deep: [1, null, true] } },
      'a"b': { type: "boolean" },
      "f(x) => `${y}`": { const: 0 },
    },
    required: ["url"],
    additionalProperties: false,
    "x-extension": "kept",
  },
  outputSchema: { type: "object", properties: { heard: {} }, "x-out": [] },
  annotations: { readOnlyHint: true },
  _meta: { "example.com/origin": { a: 1 } },
  passThrough: true,
  call: async (args) => toolResult({ structured: { heard: args } }),
};

export function testTools(): Tool[] {
  const Empty = z.object({});
  return [
    oddTool,
    defineTool({
      name: "echo",
      description: "Echoes.",
      input: z.object({ message: z.string() }),
      handler: ({ message }) => message,
    }),
    defineTool({
      name: "add",
      description: "Adds.",
      input: z.object({ a: z.number(), b: z.number().default(1) }),
      output: z.object({ sum: z.number() }),
      handler: ({ a, b }) => ({ sum: a + b }),
    }),
    defineTool({
      name: "list",
      description: "Answers with an array.",
      input: Empty,
      output: z.array(z.number()),
      handler: () => [1, 2, 3],
    }),
    defineTool({
      name: "picture",
      description: "Mixed content.",
      input: Empty,
      handler: () =>
        toolResult({ text: "look", content: [{ type: "image", data: "AAAA", mimeType: "image/png" }] }),
    }),
    defineTool({
      name: "bare",
      description: "Structured content without text, from a stranger.",
      input: Empty,
      handler: () => ({ content: [], structuredContent: [1], _meta: { mine: true } }),
    }),
    defineTool({
      name: "bad_block",
      description: "A block the protocol does not know.",
      input: Empty,
      handler: () => ({ content: [{ type: "hologram", data: 1 }] }),
    }),
    defineTool({
      name: "fails",
      description: "Fails.",
      input: Empty,
      handler: () => {
        throw new Error("it broke");
      },
    }),
    defineTool({
      name: "counts",
      description: "Reports progress.",
      input: Empty,
      handler: async (_args, context) => {
        for (const done of [0, 50, 100]) {
          context.progress(done, 100, `at ${done}`);
          await sleep(1);
        }
        return "done";
      },
    }),
    defineTool({
      name: "who",
      description: "Tells what it knows of the call.",
      input: Empty,
      handler: (_args, { caller, scopes, _meta }) => ({ caller, scopes: [...scopes].toSorted(), _meta }),
    }),
    defineTool({
      name: "dispatches",
      description: "Dispatches.",
      input: Empty,
      scope: "dispatch",
      handler: () => "ok",
    }),
  ];
}

/** A temporary directory that goes when the test does. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-server-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A promise and the function that fulfils it. */
export function gate<Value = void>() {
  const held: { open: (value: Value) => void } = { open: String };
  const opened = new Promise<Value>((resolve) => {
    held.open = resolve;
  });
  return { opened, open: (value: Value) => held.open(value) };
}

/** A tool that waits until it is aborted or released. */
export function waitingTool() {
  const running = gate();
  const released = gate();
  const aborted = gate<unknown>();
  const tool = defineTool({
    name: "waits",
    description: "Waits.",
    input: z.object({}),
    handler: async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.open(signal.reason), { once: true });
      running.open();
      await Promise.race([released.opened, aborted.opened]);
      return "waited";
    },
  });
  return { tool, running: running.opened, release: released.open, aborted: aborted.opened };
}

export function registryOf(tools: readonly Tool[]): Registry {
  const registry = createRegistry();
  for (const tool of tools) registry.addTool(tool);
  return registry;
}

export function testServer(options: Partial<ServerOptions> = {}): ParleyServer {
  const server = createServer({
    name: "test",
    version: "1.2.3",
    registry: registryOf(testTools()),
    closeGraceMs: 50,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

export async function oldClient(url: string, headers: Record<string, string> = {}): Promise<OldClient> {
  const client = new OldClient({ name: "old", version: "1" });
  const transport = new OldTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

export async function modernClient(
  url: string,
  options: Omit<NonNullable<ConstructorParameters<typeof ModernClient>[1]>, "versionNegotiation"> = {},
  headers: Record<string, string> = {},
): Promise<ModernClient> {
  const client = new ModernClient(
    { name: "new", version: "1" },
    { ...options, versionNegotiation: { mode: "auto" } },
  );
  await client.connect(new ModernTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

export async function v2LegacyClient(url: string): Promise<ModernClient> {
  const client = new ModernClient(
    { name: "v2-legacy", version: "1" },
    { versionNegotiation: { mode: "legacy" } },
  );
  await client.connect(new ModernTransport(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  return client;
}

export const modernMeta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
};

/** Headers and body of one stateless-era request. */
export function modernRequest(method: string, params: Record<string, unknown> = {}, meta: object = {}) {
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof params["name"] === "string" ? { "mcp-name": params["name"] } : {}),
    },
    payload: { jsonrpc: "2.0", id: 7, method, params: { ...params, _meta: { ...modernMeta, ...meta } } },
  };
}

export async function inject(
  server: ParleyServer,
  request: { headers: Record<string, string>; payload: object },
) {
  return server.app.inject({ method: "POST", url: "/mcp", ...request });
}
