import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecord } from "@parley/server";
import { definePrompt, defineResource, defineTool, resourceLink, toolResult } from "@parley/tool-registry";
import * as fc from "fast-check";
import type { FastifyBaseLogger } from "fastify";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { connections } from "./_asking.ts";
import {
  inject,
  modernClient,
  modernRequest,
  oldClient,
  registryOf,
  testServer,
  waitingTool,
} from "./support.ts";

describe("[CONF-08] prompts and resources", () => {
  const slow = async (): Promise<never> => {
    await sleep(5000, undefined, { ref: false });
    throw new Error("too late to matter");
  };

  function observed() {
    const records: CallRecord[] = [];
    const registry = registryOf([]);
    registry.addPrompt(
      definePrompt({
        name: "p",
        description: "P.",
        input: z.object({ x: z.string() }),
        handler: ({ x }) => x,
      }),
    );
    registry.addPrompt(definePrompt({ name: "slow", description: "P.", input: z.object({}), handler: slow }));
    registry.addResource(defineResource({ name: "r", uri: "test://r", handler: () => "r" }));
    registry.addResource(defineResource({ name: "slow", uri: "test://slow", handler: slow }));
    const observers = [{ called: (record: CallRecord): void => void records.push(record) }];
    const server = testServer({ registry, observers, requestTimeoutMs: 100 });
    return { server, records };
  }

  it("are observed and have a deadline as tools do", async () => {
    const { server, records } = observed();
    const client = await modernClient((await server.listen()).url);
    await client.getPrompt({ name: "p", arguments: { x: "1" } });
    await client.readResource({ uri: "test://r" });
    await expect(client.getPrompt({ name: "nope" })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.getPrompt({ name: "p" })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.readResource({ uri: "test://no" })).rejects.toMatchObject({
      code: -32_602,
      data: { uri: "test://no" },
    });
    await expect(client.getPrompt({ name: "slow" })).rejects.toThrow(/within 100 ms/);
    await expect(client.readResource({ uri: "test://slow" })).rejects.toThrow(/within 100 ms/);
    expect(records.map(({ kind, name, outcome, code }) => [kind, name, outcome, code])).toEqual([
      ["prompt", "p", "ok", undefined],
      ["resource", "test://r", "ok", undefined],
      ["prompt", "nope", "unknown", "E_OBJECT_UNKNOWN"],
      ["prompt", "p", "error", "E_ARGUMENT_INVALID"],
      ["resource", "test://no", "unknown", "E_OBJECT_UNKNOWN"],
      ["prompt", "slow", "timeout", "E_MCP_TIMEOUT"],
      ["resource", "test://slow", "timeout", "E_MCP_TIMEOUT"],
    ]);
  });

  it("reads a family's variables and says how long to keep it, to clients that can know", async () => {
    const registry = registryOf([]);
    registry.addResource(
      defineResource({
        name: "job",
        uriTemplate: "jobs://{site}/{id}",
        cache: { ttlMs: 1234, scope: "public" },
        handler: (_uri, _context, variables) => JSON.stringify(variables),
      }),
    );
    const server = testServer({ registry });
    const { url } = await server.listen();
    const read = { uri: "jobs://cedar/7" };
    const modern = await inject(server, {
      ...modernRequest("resources/read", read),
      headers: { ...modernRequest("resources/read", read).headers, "mcp-name": read.uri },
    });
    expect(modern.json()).toMatchObject({
      result: { ttlMs: 1234, cacheScope: "public", contents: [{ text: '{"site":"cedar","id":"7"}' }] },
    });
    const old = await (await oldClient(url)).readResource(read);
    expect(old).toEqual({ contents: [{ uri: read.uri, text: '{"site":"cedar","id":"7"}' }] });
  });
});

describe("[CONF-09] what a list shows", () => {
  it("has icons, sizes and annotations, and the server its own", async () => {
    const icons = [{ src: "data:image/png;base64,AAAA", mimeType: "image/png", sizes: ["16x16"] }];
    const annotations = { audience: ["user"] as const, priority: 1 };
    const link = { uri: "test://r", name: "r" };
    const handler = () => toolResult({ content: [resourceLink(link, { priority: 0.5 })] });
    const registry = registryOf([
      defineTool({ name: "t", description: "T.", input: z.object({}), icons, handler }),
    ]);
    registry.addPrompt(
      definePrompt({ name: "p", description: "P.", input: z.object({}), icons, handler: () => "p" }),
    );
    registry.addResource(defineResource({ ...link, size: 1, icons, annotations, handler: () => "r" }));
    const server = testServer({ registry, icons, websiteUrl: "https://example.org" });
    const { url } = await server.listen();
    for (const connect of [modernClient, oldClient]) {
      const client = await connect(url);
      expect(client.getServerVersion()).toMatchObject({ icons, websiteUrl: "https://example.org" });
      expect(await client.listTools()).toMatchObject({ tools: [{ icons }] });
      expect(await client.listPrompts()).toMatchObject({ prompts: [{ icons }] });
      expect(await client.listResources()).toMatchObject({ resources: [{ size: 1, icons, annotations }] });
      expect(await client.callTool({ name: "t", arguments: {} })).toMatchObject({
        content: [{ type: "resource_link", ...link, annotations: { priority: 0.5 } }],
      });
    }
  });
});

describe("[CONF-10] arguments that are headers too", () => {
  const routed = defineTool({
    name: "routed",
    description: "Routed.",
    input: z.object({
      region: z.string().optional().meta({ "x-mcp-header": "Region" }),
      size: z.int().optional().meta({ "x-mcp-header": "Size" }),
      inner: z.object({ dry: z.boolean().meta({ "x-mcp-header": "Dry" }) }).optional(),
    }),
    handler: () => "ok",
  });
  const server = () => testServer({ registry: registryOf([routed]) });
  const call = async (to: ReturnType<typeof testServer>, args: object, headers: Record<string, string>) => {
    const request = modernRequest("tools/call", { name: "routed", arguments: args });
    return await inject(to, { ...request, headers: { ...request.headers, ...headers } });
  };

  it.each([
    [{}, {}, 200],
    [{ region: "west" }, { "mcp-param-region": "west" }, 200],
    [{ region: "west" }, { "Mcp-Param-Region": " west " }, 200],
    [{ region: "west" }, { "mcp-param-region": "east" }, 400],
    [{ region: "west" }, {}, 400],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVsbG8=?=" }, 200],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVsbG8?=" }, 400],
    [{ region: "Hello" }, { "mcp-param-region": "=?base64?SGVs!!!bG8=?=" }, 400],
    [{ size: 42 }, { "mcp-param-size": "42.0" }, 200],
    [{ size: 42 }, { "mcp-param-size": "43" }, 400],
    [{ inner: { dry: true } }, { "mcp-param-dry": "true" }, 200],
    [{ inner: { dry: true } }, { "mcp-param-dry": "false" }, 400],
  ])("%j with %j is %i", async (args, headers, status) => {
    const response = await call(server(), args, headers);
    expect(response.statusCode).toBe(status);
    if (status === 400) expect(response.json()).toMatchObject({ id: 7, error: { code: -32_020 } });
  });

  it("reads any text back from its Base64 form", async () => {
    const to = server();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (region) => {
        const header = `=?base64?${Buffer.from(region).toString("base64")}?=`;
        const response = await call(to, { region }, { "mcp-param-region": header });
        expect(response.statusCode).toBe(200);
      }),
      { numRuns: 50 },
    );
  });
});

/** A logger that keeps each line with the bindings of its child. */
function recordingLogger(lines: unknown[], bindings: object = {}): FastifyBaseLogger {
  const write = (fields: unknown, message?: unknown): void =>
    void lines.push([bindings, String(fields), message]);
  return {
    level: "info",
    silent: write,
    fatal: write,
    error: write,
    warn: write,
    info: write,
    debug: write,
    trace: write,
    child: (more: object) => recordingLogger(lines, { ...bindings, ...more }),
  };
}

describe("[CONF-11] eras", () => {
  it("are counted, and named in the log", async () => {
    const lines: unknown[] = [];
    const server = testServer({ logger: recordingLogger(lines) });
    const { url } = await server.listen();
    expect(server.eras).toEqual({ "2025": { requests: 0, sessions: 0 }, "2026": { requests: 0 } });
    const echo = { name: "echo", arguments: { message: "hi" } };
    await inject(server, modernRequest("tools/call", echo));
    expect(server.eras["2026"].requests).toBe(1);
    const old = await oldClient(url);
    await old.callTool(echo);
    expect(server.eras["2025"].sessions).toBe(1);
    expect(server.eras["2025"].requests).toBeGreaterThan(1);
    const completed = lines.flatMap(
      (line) => JSON.stringify(line).match(/"era":"(\d+)".*request completed/)?.[1] ?? [],
    );
    expect(new Set(completed)).toEqual(new Set(["2026", "2025"]));
  });
});

describe("[CONF-06] subscriptions", () => {
  // Over a pipe, and all at once: a thousand requests are nothing there.
  it("are bounded", async () => {
    const connect = new Map(connections).get("v1 SDK over stdio");
    const registry = registryOf([]);
    registry.addResource(defineResource({ name: "any", uriTemplate: "test://{name}", handler: () => "" }));
    const client = await connect?.(registry);
    await expect(client?.watch(`test://${"x".repeat(3000)}`)).rejects.toMatchObject({ code: -32_602 });
    const stop = await client?.watch("test://0");
    await Promise.all(
      Array.from({ length: 999 }, async (_unused, index) => client?.watch(`test://${index + 1}`)),
    );
    await client?.watch("test://1");
    await expect(client?.watch("test://more")).rejects.toThrow(/unsubscribe/);
    await stop?.();
    await client?.watch("test://more");
  });

  it("need a session", async () => {
    const server = testServer();
    const response = await server.app.inject({
      method: "POST",
      url: "/mcp",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      payload: { jsonrpc: "2.0", id: 1, method: "resources/subscribe", params: { uri: "test://1" } },
    });
    expect(response.body).toContain("needs a session");
  });
});

describe("[CONF-12] a stream that ended", () => {
  it("is taken up where it broke, for as much as is kept", async () => {
    const waits = waitingTool();
    const server = testServer({ registry: registryOf([waits.tool]) });
    const { url } = await server.listen();
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const send = (body: object, more: Record<string, string> = {}) =>
      fetch(`${url}/mcp`, {
        method: "POST",
        headers: { ...headers, ...more },
        body: JSON.stringify({ jsonrpc: "2.0", ...body }),
      });
    const opened = await send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
    });
    await opened.text();
    const session = {
      "mcp-session-id": opened.headers.get("mcp-session-id") ?? "",
      "mcp-protocol-version": "2025-11-25",
    };
    await send({ method: "notifications/initialized" }, session);
    const call = await send(
      { id: 2, method: "tools/call", params: { name: "waits", arguments: {} } },
      session,
    );
    const reader = call.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    const lastEventId = /^id: (.+)$/m.exec(first)?.[1] ?? "";
    expect(first).toMatch(/^retry: \d+$/m);
    await waits.running;
    await reader?.cancel();
    waits.release();
    await sleep(50);
    const resume = (id: string) =>
      fetch(`${url}/mcp`, {
        headers: { ...headers, ...session, "last-event-id": id },
        signal: AbortSignal.timeout(5000),
      });
    const resumed = await resume(lastEventId);
    const rest = resumed.body?.getReader();
    expect(new TextDecoder().decode((await rest?.read())?.value)).toContain('"waited"');
    await rest?.cancel();
    expect((await resume("nonsense")).ok).toBe(false);
  });
});
