import { createMcpClient } from "@parley/mcp-client";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { reply, result, serveModern } from "./_servers.ts";
import type { Handler } from "./_servers.ts";

async function start(handler: Handler) {
  const warnings: string[] = [];
  const server = await serveModern(handler);
  const client = createMcpClient({ url: server.url, onWarning: (message) => void warnings.push(message) });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, warnings };
}

const tool = (name: string, properties: object, more: object = {}): object => ({
  name,
  inputSchema: { type: "object", properties, ...more },
});

/** Decodes a header value as a server does. */
function decode(value: unknown): string {
  const [, base64] = /^=\?base64\?(.*)\?=$/.exec(String(value)) ?? [];
  return base64 === undefined ? String(value) : Buffer.from(base64, "base64").toString();
}

describe("[MCL-07] arguments that a tool wants in headers", () => {
  const properties = {
    region: { type: "string", "x-mcp-header": "Region" },
    deep: { type: "object", properties: { nodes: { type: "integer", "x-mcp-header": "Nodes" } } },
    dry: { type: "boolean", "x-mcp-header": "Dry" },
    plain: { type: "string" },
  };

  test("are sent there, any text encoded so that it comes back", async () => {
    const { server, client } = await start((seen, response) =>
      reply(
        response,
        200,
        result(seen, seen.body.method === "tools/list" ? { tools: [tool("t", properties)] } : {}),
      ),
    );
    await client.listTools();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 20 }),
        fc.maxSafeInteger(),
        async (region, nodes) => {
          await client.callTool("t", { region, deep: { nodes }, plain: "p" });
          const headers = server.seen.at(-1)?.headers ?? {};
          expect(decode(headers["mcp-param-region"])).toBe(region);
          expect(headers["mcp-param-nodes"]).toBe(String(nodes));
          expect(Object.keys(headers).filter((name) => name.startsWith("mcp-param-"))).toHaveLength(2);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("are learnt when a server misses them", async () => {
    const { server, client } = await start((seen, response) => {
      if (seen.body.method === "tools/list")
        return reply(response, 200, result(seen, { tools: [tool("t", properties)] }));
      if (seen.headers["mcp-param-dry"] === "true")
        return reply(response, 200, result(seen, { content: [] }));
      const error = { code: -32_020, message: "Header mismatch" };
      reply(response, 400, { jsonrpc: "2.0", id: seen.body.id, error });
    });
    expect(await client.callTool("t", { dry: true })).toMatchObject({ content: [] });
    expect(server.seen.map(({ body }) => body.method)).toEqual([
      "server/discover",
      "tools/call",
      "tools/list",
      "tools/call",
    ]);
  });

  test.each<[string, object]>([
    ["no name", tool("bad", { a: { type: "string", "x-mcp-header": "" } })],
    ["a name with a space", tool("bad", { a: { type: "string", "x-mcp-header": "A B" } })],
    ["a line end", tool("bad", { a: { type: "string", "x-mcp-header": "A\r\nB" } })],
    ["a number", tool("bad", { a: { type: "number", "x-mcp-header": "A" } })],
    ["an object", tool("bad", { a: { type: "object", "x-mcp-header": "A" } })],
    ["a list's item", tool("bad", { a: { type: "array", items: { type: "string", "x-mcp-header": "A" } } })],
    ["a definition", tool("bad", {}, { $defs: { a: { type: "string", "x-mcp-header": "A" } } })],
    [
      "a branch",
      tool("bad", {}, { oneOf: [{ properties: { a: { type: "string", "x-mcp-header": "A" } } }] }),
    ],
    [
      "two of a name",
      tool("bad", { a: { type: "string", "x-mcp-header": "A" }, b: { type: "string", "x-mcp-header": "a" } }),
    ],
  ])("make a tool unusable at %s", async (_what, bad) => {
    const good = tool("good", { "x-mcp-header": { type: "string" }, d: { default: { "x-mcp-header": 1 } } });
    const { client, warnings } = await start((seen, response) =>
      reply(response, 200, result(seen, { tools: [bad, good] })),
    );
    expect(await client.listTools()).toEqual([good]);
    expect(warnings).toEqual([expect.stringContaining("bad")]);
  });
});
