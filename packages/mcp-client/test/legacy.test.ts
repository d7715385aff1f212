import { createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions } from "@parley/mcp-client";
import { afterEach, describe, expect, it } from "vitest";
import { errorOf, reply, result, serve, serveV1 } from "./_servers.ts";
import type { Handler } from "./_servers.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function startV1(options: Partial<McpClientOptions> = {}) {
  const server = await serveV1();
  const client = createMcpClient({ url: server.url, ...options });
  open.push(server, client);
  return { server, client };
}

describe("a server of the v1 SDK", () => {
  it("is found out and served by handshake, and its session is ended", async () => {
    const { server, client } = await startV1({ token: "secret-token" });
    expect(await client.callTool("echo", { text: "hi" })).toEqual({
      content: [{ type: "text", text: "hi" }],
    });
    expect(client.era).toBe("legacy");
    expect((await client.listTools()).map(({ name }) => name)).toEqual(["echo", "slow", "fail", "huge"]);
    expect(await client.listPrompts()).toEqual([]);
    expect(await client.readResource("x://r")).toEqual({ contents: [{ uri: "x://r", text: "r" }] });
    expect(await client.discover()).toMatchObject({
      supportedVersions: ["2025-11-25"],
      serverInfo: { name: "v1", version: "1.0.0" },
    });
    expect(server.sessions.size).toBe(1);
    await client.close();
    expect(server.sessions.size).toBe(0);
    expect(server.seen.every(({ headers }) => headers.authorization === "Bearer secret-token")).toBe(true);
    expect(server.seen.filter(({ method }) => method === "GET")).toEqual([]);
  });

  it("gives a failed tool as a result and an unknown one as its words", async () => {
    const { client } = await startV1({ era: "legacy" });
    expect(await client.callTool("fail")).toMatchObject({ isError: true });
    const unknown = await client.callTool("nope").catch((error: unknown) => error);
    expect(JSON.stringify(unknown)).toContain("nope");
    expect(await errorOf(client.getPrompt("nope"))).toMatchObject({
      code: "E_MCP_PROTOCOL",
      details: { rpcCode: -32_601 },
    });
  });

  it("lets progress start the time-out anew", async () => {
    const { client } = await startV1();
    await client.listTools();
    const heard: number[] = [];
    const answer = await client.callTool(
      "slow",
      {},
      { timeoutMs: 600, onProgress: ({ progress }) => heard.push(progress) },
    );
    expect(answer).toMatchObject({ content: [{ text: "done" }] });
    expect(heard).toEqual([1, 2, 3, 4]);
    expect((await errorOf(client.callTool("slow", {}, { timeoutMs: 60 }))).code).toBe("E_MCP_TIMEOUT");
  });

  it("gets a new session when it forgot the old one", async () => {
    const { server, client } = await startV1();
    await client.callTool("echo", { text: "a" });
    server.sessions.clear();
    expect(await client.callTool("echo", { text: "b" })).toMatchObject({ content: [{ text: "b" }] });
    expect(server.sessions.size).toBe(1);
  });

  it("may not send more than the limit", async () => {
    const { client } = await startV1({ maxBytes: 50_000 });
    expect((await errorOf(client.callTool("huge"))).message).toContain("more than 50000 bytes");
    expect(await client.callTool("echo", { text: "still here" })).toMatchObject({
      content: [{ text: "still here" }],
    });
  });

  it("sees a call end with its caller", async () => {
    const { client } = await startV1();
    await client.listTools();
    const signal = AbortSignal.timeout(30);
    expect((await errorOf(client.callTool("slow", {}, { signal }))).code).toBe("E_INTERRUPTED");
  });
});

const handshake: Handler = (seen, response) => {
  const { id, method } = seen.body;
  if (id === undefined) return void response.writeHead(202).end();
  if (method !== "initialize") return reply(response, 200, result(seen, { tools: [{ name: "old" }] }));
  const protocolVersion = "2025-06-18";
  reply(response, 200, {
    jsonrpc: "2.0",
    id,
    result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "old", version: "0" } },
  });
};

describe("a refusal of the current revision", () => {
  it.each<[string, number, unknown]>([
    [
      "FastMCP: no session",
      400,
      {
        jsonrpc: "2.0",
        id: "server-error",
        error: { code: -32_600, message: "Bad Request: Missing session ID" },
      },
    ],
    [
      "FastMCP: version",
      400,
      {
        jsonrpc: "2.0",
        id: "server-error",
        error: { code: -32_600, message: "Bad Request: Unsupported protocol version: 2026-07-28" },
      },
    ],
    [
      "FastMCP: not initialized",
      200,
      { jsonrpc: "2.0", id: 1, error: { code: -32_602, message: "Invalid request parameters", data: "" } },
    ],
    [
      "v1 SDK: not initialized",
      400,
      { jsonrpc: "2.0", id: null, error: { code: -32_000, message: "Bad Request: Server not initialized" } },
    ],
    [
      "v1 SDK: no such method",
      200,
      { jsonrpc: "2.0", id: 1, error: { code: -32_601, message: "Method not found" } },
    ],
    [
      "a version list",
      400,
      { jsonrpc: "2.0", id: 1, error: { code: -32_022, message: "x", data: { supported: ["2025-11-25"] } } },
    ],
    ["not acceptable", 406, "Not Acceptable"],
    ["not found", 404, "Not Found"],
    ["an older discovery", 200, { jsonrpc: "2.0", id: 1, result: { supportedVersions: ["2025-11-25"] } }],
  ])("(%s) leads to the handshake", async (_name, status, body) => {
    const server = await serve((seen, response) =>
      seen.body?.method === "server/discover" ? reply(response, status, body) : handshake(seen, response),
    );
    const client = createMcpClient({ url: server.url });
    open.push(server, client);
    expect(await client.listTools()).toEqual([{ name: "old" }]);
    expect(client.era).toBe("legacy");
  });

  it.each<[string, number, unknown, string]>([
    ["401", 401, {}, "E_AUTH_REQUIRED"],
    ["403", 403, {}, "E_AUTH_FORBIDDEN"],
    ["500", 500, "oops", "E_MCP_PROTOCOL"],
    ["503", 503, "", "E_MCP_UNREACHABLE"],
    ["a page of HTML", 200, "<html>", "E_MCP_PROTOCOL"],
    [
      "a newer revision",
      400,
      { id: 1, error: { code: -32_022, message: "x", data: { supported: ["2027-01-01"] } } },
      "E_MCP_PROTOCOL",
    ],
  ])("(%s) is an error, and is not remembered", async (_name, status, body, code) => {
    let sick = true;
    const server = await serve((seen, response) => {
      if (sick) return reply(response, status, body);
      return seen.body?.method === "server/discover" ? reply(response, 404, "") : handshake(seen, response);
    });
    const client = createMcpClient({ url: server.url });
    open.push(server, client);
    expect((await errorOf(client.listTools())).code).toBe(code);
    sick = false;
    expect(await client.listTools()).toEqual([{ name: "old" }]);
  });

  it("[MCL-32] is found where the method of the newer revision makes it fall over", async () => {
    const server = await serve((seen, response) =>
      seen.body?.method === "server/discover" ? reply(response, 500, "oops") : handshake(seen, response),
    );
    const client = createMcpClient({ url: server.url });
    open.push(server, client);
    expect(await client.listTools()).toEqual([{ name: "old" }]);
  });

  it.each<[string, string, Handler]>([
    ["401", "E_AUTH_REQUIRED", (_seen, response) => reply(response, 401, {})],
    [
      "a redirect",
      "E_MCP_PROTOCOL",
      (_seen, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    ],
    ["malformed JSON", "E_MCP_PROTOCOL", (_seen, response) => reply(response, 200, "{")],
    [
      "a broken body",
      "E_MCP_UNREACHABLE",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "999" });
        response.write("{", () => response.destroy());
      },
    ],
    [
      "a broken stream",
      "E_MCP_UNREACHABLE",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(": wait\n\n", () => response.destroy());
      },
    ],
  ])("and then %s within a call is told apart", async (_name, code, handler) => {
    const server = await serve((seen, response) =>
      seen.body?.method === "tools/call" ? handler(seen, response) : handshake(seen, response),
    );
    const client = createMcpClient({ url: server.url, era: "legacy", timeoutMs: 2000 });
    open.push(server, client);
    expect((await errorOf(client.callTool("t"))).code).toBe(code);
    expect(await client.listTools()).toEqual([{ name: "old" }]);
  });

  it("is noticed when a peer is replaced by an older one", async () => {
    let old = false;
    const server = await serve((seen, response) => {
      if (old && seen.headers["mcp-protocol-version"] !== "2026-07-28") return handshake(seen, response);
      const { id, method } = seen.body;
      if (old) {
        const error = { code: -32_022, message: "x", data: { supported: ["2025-11-25"] } };
        return reply(response, 400, { jsonrpc: "2.0", id, error });
      }
      const found =
        method === "server/discover" ? { supportedVersions: ["2026-07-28"] } : { tools: [{ name: "new" }] };
      reply(response, 200, result(seen, found));
    });
    const client = createMcpClient({ url: server.url });
    open.push(server, client);
    expect(await client.listTools()).toEqual([{ name: "new" }]);
    old = true;
    expect(await client.listTools()).toEqual([{ name: "old" }]);
  });
});
