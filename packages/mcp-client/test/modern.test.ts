import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpClientOptions } from "@parley/mcp-client";
import { afterEach, describe, expect, it } from "vitest";
import { errorOf, event, reply, result, serve, serveModern } from "./_servers.ts";
import type { Handler, Served } from "./_servers.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function start(
  handler: Handler,
  options: Partial<McpClientOptions> = {},
): Promise<{ server: Served; client: McpClient }> {
  const server = await serveModern(handler);
  const client = createMcpClient({ url: server.url, ...options });
  open.push(server, client);
  return { server, client };
}

const tool = (name: string) => ({ name, inputSchema: { $ref: "evil://x", type: 7 }, "x-odd": null });

const note = (token: unknown, progress: number) =>
  event({
    jsonrpc: "2.0",
    method: "notifications/progress",
    params: { progressToken: token, progress, message: "é" },
  });

const stream = { "content-type": "text/event-stream" };

describe("a peer of the current revision", () => {
  it("is called by one POST with the headers and _meta of the revision", async () => {
    const { server, client } = await start(
      (seen, response) => reply(response, 200, result(seen, { odd: [1] })),
      {
        token: "secret-token",
        headers: { "X-Site": "a", "Mcp-Method": "forged" },
        name: "hub",
        version: "9",
      },
    );
    expect(await client.callTool("echo", { text: "hi" })).toEqual({ resultType: "complete", odd: [1] });
    expect(client.era).toBe("modern");
    expect(server.seen.map(({ body }) => body.method)).toEqual(["server/discover", "tools/call"]);
    const { headers, body } = server.seen[1] ?? {};
    expect(headers).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "echo",
      authorization: "Bearer secret-token",
      "x-site": "a",
    });
    expect(body?.params).toEqual({
      name: "echo",
      arguments: { text: "hi" },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "hub", version: "9" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    });
  });

  it.each([
    ["größe", "=?base64?Z3LDtsOfZQ==?="],
    [" x", "=?base64?IHg=?="],
    ["", "=?base64??="],
    ["=?base64?eA==?=", "=?base64?PT9iYXNlNjQ/ZUE9PT89?="],
    ["a b", "a b"],
  ])("carries the name %j in a header", async (name, header) => {
    const { server, client } = await start((seen, response) => reply(response, 200, result(seen, {})));
    await client.callTool(name);
    expect(server.seen.at(-1)?.headers["mcp-name"]).toBe(header);
  });

  it("asks once which era it is, however many calls begin at once", async () => {
    const { server, client } = await start((seen, response) => reply(response, 200, result(seen, {})));
    await Promise.all(Array.from({ length: 10 }, () => client.callTool("t")));
    expect(server.seen.filter(({ body }) => body.method === "server/discover")).toHaveLength(1);
  });

  it("skips the question when told the era, and discovers raw", async () => {
    const { server, client } = await start(() => {}, { era: "modern" });
    expect(await client.discover()).toMatchObject({ serverInfo: { name: "hand-made" } });
    expect(server.seen).toHaveLength(1);
  });

  it("follows cursors and leaves definitions untouched", async () => {
    const { client } = await start((seen, response) => {
      const { cursor } = seen.body.params;
      const page = cursor === undefined ? { tools: [tool("a")], nextCursor: "2" } : { tools: [tool("b")] };
      reply(response, 200, result(seen, page));
    });
    expect(await client.listTools()).toEqual([tool("a"), tool("b")]);
  });

  it("refuses lists without end, repeated pages and things that are no list", async () => {
    let page: object = {};
    let count = 0;
    const { client } = await start((seen, response) => {
      const cursor = `${(count += 1)}`;
      reply(response, 200, result(seen, { nextCursor: cursor, ...page }));
    });
    page = { tools: [] };
    expect((await errorOf(client.listTools())).message).toContain("100 pages");
    page = { prompts: Array.from({ length: 6000 }, () => ({})) };
    expect((await errorOf(client.listPrompts())).message).toContain("more than 10000 prompts");
    page = { resources: [], nextCursor: "same" };
    expect((await errorOf(client.listResources())).message).toContain("repeats");
    page = { tools: ["x"] };
    expect((await errorOf(client.listTools())).message).toContain("without a list of tools");
  });

  it("has empty lists where it has no such method, and keeps code and message elsewhere", async () => {
    const { client } = await start((seen, response) => {
      const error = { code: -32_601, message: "Method not found" };
      reply(response, 404, { jsonrpc: "2.0", id: seen.body.id, error });
    });
    expect(await client.listPrompts()).toEqual([]);
    const error = await errorOf(client.readResource("x://y"));
    expect(error).toMatchObject({
      code: "E_MCP_PROTOCOL",
      details: { rpcCode: -32_601, rpcMessage: "Method not found" },
    });
    expect(error.message).toContain("resources/read x://y");
  });

  it("hears progress in an event stream, cut anywhere", async () => {
    const { client } = await start(async (seen, response) => {
      response.writeHead(200, stream);
      const progressToken = seen.body.params._meta.progressToken;
      const text = `: hello\r\n\r\n${note(progressToken, 1)}${note("other", 9)}${note(progressToken, 2)}${event(result(seen, { ok: "ü" }))}`;
      for (const byte of Buffer.from(text)) response.write(Uint8Array.of(byte));
      response.end();
    });
    const heard: unknown[] = [];
    const answer = await client.callTool("t", {}, { onProgress: (progress) => heard.push(progress) });
    expect(answer).toEqual({ resultType: "complete", ok: "ü" });
    expect(heard).toEqual([
      { progress: 1, message: "é" },
      { progress: 2, message: "é" },
    ]);
  });

  it("stays within the total however often the peer reports", async () => {
    const { client } = await start(async (seen, response) => {
      response.writeHead(200, stream);
      const { progressToken } = seen.body.params._meta;
      const params = { progressToken, progress: 1 };
      const timer = setInterval(
        () => response.write(event({ jsonrpc: "2.0", method: "notifications/progress", params })),
        10,
      );
      response.on("close", () => clearInterval(timer));
    });
    let heard = 0;
    const call = client.callTool(
      "t",
      {},
      { timeoutMs: 500, maxTotalMs: 700, onProgress: () => (heard += 1) },
    );
    expect((await errorOf(call)).code).toBe("E_MCP_TIMEOUT");
    expect(heard).toBeGreaterThan(0);
  });
});

describe("a peer that fails", () => {
  it.each<[string, string, RegExp, Handler]>([
    ["says 401", "E_AUTH_REQUIRED", /bearer token/, (_seen, response) => reply(response, 401, {})],
    ["says 403", "E_AUTH_FORBIDDEN", /refuses/, (_seen, response) => reply(response, 403, {})],
    ["says 503", "E_MCP_UNREACHABLE", /try again later/, (_seen, response) => reply(response, 503, "")],
    ["says 404", "E_MCP_PROTOCOL", /usually \/mcp/, (_seen, response) => reply(response, 404, "<html>")],
    ["answers no JSON", "E_MCP_PROTOCOL", /no JSON object/, (_seen, response) => reply(response, 200, "{")],
    ["answers a list", "E_MCP_PROTOCOL", /no JSON object/, (_seen, response) => reply(response, 200, [])],
    [
      "answers nothing",
      "E_MCP_PROTOCOL",
      /neither result nor error/,
      (_seen, response) => reply(response, 200, {}),
    ],
    [
      "answers another request",
      "E_MCP_PROTOCOL",
      /another request/,
      (_seen, response) => reply(response, 200, { id: 99, result: {} }),
    ],
    [
      "sends an event that is no JSON",
      "E_MCP_PROTOCOL",
      /no JSON object/,
      (_seen, response) => void response.writeHead(200, stream).end("data: {\n\n"),
    ],
    [
      "ends a stream early",
      "E_MCP_PROTOCOL",
      /before the result/,
      (_seen, response) => void response.writeHead(200, stream).end(": nothing\n\n"),
    ],
    [
      "breaks the connection at once",
      "E_MCP_UNREACHABLE",
      /broke before/,
      (_seen, response) => void response.destroy(),
    ],
    [
      "breaks the connection within the body",
      "E_MCP_UNREACHABLE",
      /broke before/,
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "999" });
        response.write('{"jsonrpc"', () => response.destroy());
      },
    ],
    [
      "announces a huge body",
      "E_MCP_PROTOCOL",
      /more than 1000 bytes/,
      (_seen, response) => reply(response, 200, { x: "x".repeat(2000) }),
    ],
    [
      "sends a huge body without announcing it",
      "E_MCP_PROTOCOL",
      /more than 1000 bytes/,
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        for (let part = 0; part < 40; part += 1) response.write("x".repeat(100));
        response.end();
      },
    ],
    [
      "echoes the token",
      "E_MCP_PROTOCOL",
      /bad token \*\*\* here/,
      (seen, response) => {
        const message = `bad\n token ${seen.headers.authorization?.slice(7)}\u001B here`;
        reply(response, 400, { jsonrpc: "2.0", id: seen.body.id, error: { code: -1, message } });
      },
    ],
  ])("that %s is told apart", async (_what, code, message, handler) => {
    const { client } = await start(handler, { maxBytes: 1000, token: "secret-token" });
    const error = await errorOf(client.callTool("t"));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify([error, error.message, error.details])).not.toContain("secret-token");
  });

  it("[MCL-31] follows a redirect within its origin, and no endless one", async () => {
    const { client, server } = await start(
      (seen, response) =>
        seen.path === "/mcp/"
          ? reply(response, 200, result(seen, { tools: [] }))
          : void response.writeHead(307, { location: "/mcp/" }).end(),
      { token: "secret-token" },
    );
    expect(await client.listTools()).toEqual([]);
    expect(server.seen.at(-1)?.headers.authorization).toBe("Bearer secret-token");
    let turns = 0;
    const lost = await start(
      (_seen, response) => void response.writeHead(308, { location: `/${(turns += 1)}` }).end(),
    );
    expect(await errorOf(lost.client.callTool("t"))).toMatchObject({ details: { status: 308 } });
    expect(turns).toBe(4);
  });

  it("does not carry the token along a redirect", async () => {
    const other = await serve((_seen, response) => reply(response, 200, {}));
    const { client } = await start(
      (_seen, response) => void response.writeHead(307, { location: other.url }).end(),
      { token: "secret-token" },
    );
    open.push(other);
    expect(await errorOf(client.callTool("t"))).toMatchObject({
      code: "E_MCP_PROTOCOL",
      details: { status: 307 },
    });
    expect(other.seen).toEqual([]);
  });

  it.each(["callTool", "listTools"] as const)("that hangs ends %s at the deadline, named", async (method) => {
    const { client } = await start(() => {}, { timeoutMs: 50 });
    const error = await errorOf(method === "callTool" ? client.callTool("sleepy") : client.listTools());
    expect(error.code).toBe("E_MCP_TIMEOUT");
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ did not answer tools\/(call sleepy|list) within/);
  });

  it("sees its request end when the caller gives up", async () => {
    let ended: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (ended = resolve));
    const caller = new AbortController();
    const { client } = await start((_seen, response) => {
      response.on("close", () => ended?.());
      caller.abort();
    });
    expect((await errorOf(client.callTool("t", {}, { signal: caller.signal }))).code).toBe("E_INTERRUPTED");
    await gone;
    expect((await errorOf(client.callTool("t", {}, { signal: AbortSignal.abort() }))).code).toBe(
      "E_INTERRUPTED",
    );
  });

  it("is asked for its era again after it could not be reached", async () => {
    let alive = false;
    const { server, client } = await start((seen, response) => {
      if (alive) return reply(response, 200, result(seen, {}));
      response.destroy();
    });
    expect((await errorOf(client.callTool("t"))).code).toBe("E_MCP_UNREACHABLE");
    alive = true;
    await client.callTool("t");
    expect(server.seen.filter(({ body }) => body.method === "server/discover")).toHaveLength(2);
  });
});

describe("a client", () => {
  it("says that nothing listens, and that the host has no name", async () => {
    const gone = await serve(() => {});
    await gone.close();
    const client = createMcpClient({ url: gone.url });
    open.push(client);
    expect(await errorOf(client.listTools())).toMatchObject({
      code: "E_MCP_UNREACHABLE",
      retryable: true,
      message: expect.stringContaining("nothing listens there"),
    });
    const nameless = createMcpClient({ url: "http://no-such-host.invalid/mcp" });
    open.push(nameless);
    expect((await errorOf(nameless.listTools())).code).toBe("E_MCP_UNREACHABLE");
  });

  it("takes 0.0.0.0 for this machine", async () => {
    const server = await serveModern((seen, response) => reply(response, 200, result(seen, {})));
    const client = createMcpClient({ url: server.url.replace("127.0.0.1", "0.0.0.0") });
    open.push(server, client);
    expect(await client.callTool("t")).toEqual({ resultType: "complete" });
  });

  it.each([
    ["nonsense", {}],
    ["ftp://x/", {}],
    ["http://user:secret@x/", {}],
    ["http://x/", { timeoutMs: 0 }],
    ["http://x/", { ca: "no certificate" }],
  ])("refuses the url %s with %j", (url, options) => {
    expect(() => createMcpClient({ url, ...options })).toThrow(expect.not.stringContaining("secret"));
  });

  it("refuses a token that would break a header, without showing it", async () => {
    const client = createMcpClient({ url: "http://127.0.0.1:9/", token: () => "secret\r\nx: y" });
    open.push(client);
    const error = await errorOf(client.callTool("t"));
    expect(error.code).toBe("E_ARGUMENT_INVALID");
    expect(error.message).not.toContain("secret");
  });

  it("asks for the token before each request", async () => {
    const tokens = ["first", undefined, "third"];
    const { server, client } = await start((seen, response) => reply(response, 200, result(seen, {})), {
      era: "modern",
      token: () => tokens.shift(),
    });
    for (let call = 0; call < 3; call += 1) await client.callTool("t");
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer first",
      undefined,
      "Bearer third",
    ]);
  });

  it("ends running calls when closed, twice, and refuses later ones", async () => {
    const { client } = await start(() => {});
    const running = errorOf(client.callTool("t"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([client.close(), client.close()]);
    expect((await running).code).toBe("E_INTERRUPTED");
    expect(await errorOf(client.callTool("t"))).toMatchObject({
      code: "E_MCP_UNREACHABLE",
      retryable: false,
    });
  });
});
