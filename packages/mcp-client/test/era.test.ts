import { createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions } from "@parley/mcp-client";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { discovery, errorOf, reply, result, serve } from "./_servers.ts";
import type { Handler } from "./_servers.ts";

async function start(handler: Handler, options: Partial<McpClientOptions> = {}) {
  const server = await serve(handler);
  const client = createMcpClient({ url: server.url, timeoutMs: 5000, ...options });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

const modern: Handler = (seen, response) => {
  if (seen.body === undefined) return reply(response, 405, "");
  const { id, method, params } = seen.body;
  if (params?._meta?.["io.modelcontextprotocol/protocolVersion"] === undefined) {
    const error = { code: -32_022, message: "Unsupported", data: { supported: ["2026-07-28"] } };
    return reply(response, 400, { jsonrpc: "2.0", id, error });
  }
  if (method === "server/discover") return reply(response, 200, { jsonrpc: "2.0", id, result: discovery });
  reply(response, 200, result(seen, { tools: [{ name: "new" }] }));
};

/** A legacy server; a session it does not know is a reason to say 404. */
function legacy(session: string): Handler {
  return (seen, response) => {
    if (seen.method === "DELETE") return void response.writeHead(204).end();
    const { id, method } = seen.body;
    const given = seen.headers["mcp-session-id"];
    if (method === "initialize") {
      response.setHeader("mcp-session-id", session);
      const serverInfo = { name: "old", version: "0" };
      return reply(response, 200, {
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo },
      });
    }
    const error = { code: -32_000, message: "Bad Request: no session" };
    if (given === undefined) return reply(response, 400, { jsonrpc: "2.0", id: null, error });
    if (given !== session) return reply(response, 404, { jsonrpc: "2.0", id: null, error });
    if (id === undefined) return void response.writeHead(202).end();
    reply(response, 200, { jsonrpc: "2.0", id, result: { tools: [{ name: "old" }] } });
  };
}

describe("[MCL-12] what was found out about a peer", () => {
  test("follows it from one era to the other and back, no call lost", async () => {
    let now: Handler = modern;
    const { client } = await start((seen, response) => now(seen, response));
    const names = async (): Promise<unknown[]> => (await client.listTools()).map(({ name }) => name);
    expect(await names()).toEqual(["new"]);
    now = legacy("a");
    expect([await names(), client.era]).toEqual([["old"], "legacy"]);
    now = legacy("b");
    expect([await names(), client.era]).toEqual([["old"], "legacy"]);
    now = modern;
    expect([await names(), client.era]).toEqual([["new"], "modern"]);
  });

  test("is looked at again after a while where no session binds it", async () => {
    const real = performance.now.bind(performance);
    let later = 0;
    vi.spyOn(performance, "now").mockImplementation(() => real() + later);
    onTestFinished(() => void vi.restoreAllMocks());
    let upgraded = false;
    const { server, client } = await start((seen, response) => {
      const { id, method, params } = seen.body;
      if (upgraded && params?._meta !== undefined) return modern(seen, response);
      const initialized = {
        protocolVersion: "2025-11-25",
        capabilities: {},
        serverInfo: { name: "old", version: "0" },
      };
      if (method === "server/discover") return reply(response, 400, "no");
      if (id === undefined) return void response.writeHead(202).end();
      reply(response, 200, {
        jsonrpc: "2.0",
        id,
        result: method === "initialize" ? initialized : { tools: [] },
      });
    });
    await client.listTools();
    upgraded = true;
    await client.listTools();
    expect(client.era).toBe("legacy");
    later = 11 * 60_000;
    await client.listTools();
    expect(client.era).toBe("modern");
    expect(server.seen.filter(({ body }) => body.method === "server/discover")).toHaveLength(2);
  });

  test("is not doubted for ever because of one odd refusal", async () => {
    const { server, client } = await start((seen, response) => {
      if (seen.body.method !== "tools/call") return modern(seen, response);
      reply(response, 400, "<html>no</html>");
    });
    expect((await errorOf(client.callTool("t"))).message).toContain("HTTP 400");
    expect(server.seen.map(({ body }) => body.method)).toEqual([
      "server/discover",
      "tools/call",
      "server/discover",
    ]);
    expect(client.era).toBe("modern");
  });

  test("comes late from a slow modern peer, which a handshake beside does not hide", async () => {
    const { client } = await start(
      async (seen, response) => {
        if (seen.body?.method === "initialize") return reply(response, 400, "no such method");
        if (seen.body?.method === "server/discover") await new Promise((resolve) => setTimeout(resolve, 500));
        return modern(seen, response);
      },
      { probeTimeoutMs: 100 },
    );
    expect(await client.listTools()).toEqual([{ name: "new" }]);
    expect(client.era).toBe("modern");
  });

  test("does not wait for a legacy peer that keeps silent", async () => {
    const old = legacy("a");
    const { client } = await start(
      (seen, response) => (seen.body?.method === "server/discover" ? undefined : old(seen, response)),
      { probeTimeoutMs: 100 },
    );
    expect(await client.listTools()).toEqual([{ name: "old" }]);
  });
});

describe("[MCL-13] the session of a legacy peer", () => {
  test("is ended at the close, also the one of before a lost connection", async () => {
    let broken = false;
    const old = legacy("a");
    const { server, client } = await start((seen, response) => {
      if (broken && seen.body?.method === "tools/list") return void response.destroy();
      return old(seen, response);
    });
    await client.listTools();
    broken = true;
    expect((await errorOf(client.listTools())).code).toBe("E_MCP_UNREACHABLE");
    broken = false;
    await client.listTools();
    await client.close();
    expect(server.seen.filter(({ method }) => method === "DELETE")).toHaveLength(2);
  });

  test("hears that a call was given up", async () => {
    const old = legacy("a");
    const { server, client } = await start((seen, response) =>
      seen.body?.method === "tools/call" ? undefined : old(seen, response),
    );
    expect((await errorOf(client.callTool("t", {}, { timeoutMs: 50 }))).code).toBe("E_MCP_TIMEOUT");
    const { id } = server.seen.find(({ body }) => body?.method === "tools/call")?.body ?? {};
    const told = (): unknown =>
      server.seen.find(({ body }) => body?.method === "notifications/cancelled")?.body.params;
    await expect.poll(told).toMatchObject({ requestId: id });
  });
});
