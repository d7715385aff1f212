import { createMcpClient } from "@parley/mcp-client";
import type { LimitRules } from "@parley/gateway";
import { fakeClock } from "@parley/testing";
import { assert, asyncProperty, string as anyText } from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { entry, parse, start, text, tool, until, upstream } from "./_gateway.ts";

const key = (name: string) => ({ name, key: `k-${name}`, servers: [], tools: [] });
const bearer = (name: string) => ({ authorization: `Bearer k-${name}` });

async function limited(limits: Partial<LimitRules>) {
  const peer = await upstream();
  const gate: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  peer.registry.addTool(tool("get", text("got")));
  peer.registry.addTool(
    tool("wait", async () => {
      await opened;
      return text("waited");
    }),
  );
  const clock = fakeClock();
  const servers = [entry("a", { type: "http", url: peer.url })];
  const rules = { keys: {}, tools: {}, ...limits };
  const started = await start({ servers, keys: [key("one"), key("two")], limits: rules }, { clock });
  return { ...started, clock, open: () => gate.open(), servers };
}

describe("[GTW-77] calls are limited", () => {
  test("by key: each by itself, with Retry-After, and time gives calls back", async () => {
    const { post, clock } = await limited({ keys: { "*": { perMinute: 60, burst: 2 } } });
    const get = async (name: string) => await post("/a/get", {}, bearer(name));
    expect([(await get("one")).status, (await get("one")).status]).toEqual([200, 200]);
    const refused = await get("one");
    expect([refused.status, refused.headers.get("retry-after"), refused.at("error", "code")]).toEqual([
      429,
      "1",
      "E_RATE_LIMITED",
    ]);
    expect((await get("two")).status).toBe(200);
    clock.advance(1000);
    expect((await get("one")).status).toBe(200);
    expect((await get("one")).status).toBe(429);
  });

  test("by tool: for all callers, or for each with per", async () => {
    const { post } = await limited({ tools: { "a.get": { perMinute: 1 } } });
    expect((await post("/a/get", {}, bearer("one"))).status).toBe(200);
    const refused = await post("/a/get", {}, bearer("two"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    const each = await limited({ tools: { a: { perMinute: 1, per: "key" } } });
    expect((await each.post("/a/get", {}, bearer("one"))).status).toBe(200);
    expect((await each.post("/a/get", {}, bearer("two"))).status).toBe(200);
    expect((await each.post("/a/get", {}, bearer("two"))).status).toBe(429);
  });

  test("over MCP the failed result carries the same error, in both eras", async () => {
    const { url } = await limited({ tools: { "a.*": { perMinute: 2 } } });
    const call = async (era: "modern" | "legacy") => {
      const client = createMcpClient({ url: `${url}/mcp`, token: "k-one", era });
      onTestFinished(() => client.close());
      return await client.callTool("a_get", {});
    };
    expect([(await call("modern"))["isError"], (await call("legacy"))["isError"]]).toEqual([
      undefined,
      undefined,
    ]);
    for (const era of ["modern", "legacy"] as const) {
      expect(await call(era)).toMatchObject({
        isError: true,
        _meta: {
          "parley/error": { code: "E_RATE_LIMITED", retryable: true, details: { retryAfterSeconds: 30 } },
        },
      });
    }
  });

  test("by what runs at once; a call that ends makes room", async () => {
    const { post, open, gateway } = await limited({ tools: { "a.wait": { concurrent: 1 } } });
    const first = post("/a/wait", {}, bearer("one"));
    await until(() => expect(gateway.servers[0]?.running).toBe(1));
    const refused = await post("/a/wait", {}, bearer("two"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await post("/a/get", {}, bearer("two"))).status).toBe(200);
    open();
    expect((await first).status).toBe(200);
    expect((await post("/a/wait", {}, bearer("two"))).status).toBe(200);
  });

  test("a reload brings other limits, and keeps the count where they are the same", async () => {
    const { post, gateway, servers } = await limited({ tools: { a: { perMinute: 1 } } });
    const keys = [key("one"), key("two")];
    const limits = { keys: {}, tools: { a: { perMinute: 1 } } };
    expect((await post("/a/get", {}, bearer("one"))).status).toBe(200);
    await gateway.reload({ servers, keys, limits });
    expect((await post("/a/get", {}, bearer("one"))).status).toBe(429);
    await gateway.reload({ servers, keys });
    expect((await post("/a/get", {}, bearer("one"))).status).toBe(200);
  });

  test("a file says them, and what is wrong with its place", () => {
    const file = { mcpServers: { a: { command: "x" } } };
    expect(
      parse({
        ...file,
        limits: { keys: { k: { perMinute: 6 } }, tools: { a: { per: "key", resultBytes: 2048 } } },
      }).limits,
    ).toEqual({
      keys: { k: { perMinute: 6 } },
      tools: { a: { per: "key", resultBytes: 2048 } },
    });
    const text = JSON.stringify({ ...file, limits: { tools: { a: { perHour: 1 } } } }, undefined, 1);
    expect(() => parse(text)).toThrow(
      /config\.json:10:\d+: limits\.tools\.a\.perHour: it means nothing here/,
    );
    expect(() => parse({ ...file, limits: { keys: { a: { perMinute: 0 } } } })).toThrow(
      /perMinute: write at least 1/,
    );
  });
});

describe("[GTW-78] results and requests are bounded", () => {
  const answering = async (result: ReturnType<typeof text>, resultBytes: number) => {
    const peer = await upstream();
    peer.registry.addTool(tool("get", result));
    const servers = [entry("a", { type: "http", url: peer.url })];
    const limits = { keys: {}, tools: { "a.get": { resultBytes } }, requestBytes: 2000 };
    return await start({ servers, limits });
  };
  const whole = { accept: "application/vnd.mcp.tool-result+json" };

  test("plain text is cut with a sentence that says so", async () => {
    const { post } = await answering(text("word ".repeat(1000)), 2048);
    const answer = await post("/a/get", {}, whole);
    expect(answer.status).toBe(200);
    expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(2048);
    expect(answer.at("content", 0, "text")).toMatch(/^(?:word )+/);
    expect(answer.at("content", 1, "text")).toMatch(
      /^\[cut here: the whole is \d+ bytes, and 2048 are let through/,
    );
  });

  test("a picture, structure and JSON are refused whole, and a result that fits is not touched", async () => {
    const picture = { content: [{ type: "image", mimeType: "image/png", data: "A".repeat(4000) }] };
    for (const result of [
      picture,
      { ...text("x"), structuredContent: { a: "x".repeat(4000) } },
      text(`[${"1,".repeat(2000)}1]`),
    ]) {
      const answer = await (await answering(result, 2048)).post("/a/get", {});
      expect([answer.status, answer.at("error", "code")]).toEqual([502, "E_RESULT_TOO_LARGE"]);
    }
    const small = await (await answering(text("fits"), 2048)).post("/a/get", {}, whole);
    expect(small.at("content")).toEqual([{ type: "text", text: "fits" }]);
  });

  test("whatever the text, what is let through is within the budget and begins as the text does", async () => {
    const held = { said: "" };
    const peer = await upstream();
    peer.registry.addTool(tool("get", () => text(held.said)));
    const limits = { keys: {}, tools: { a: { resultBytes: 1024 } } };
    const { gateway } = await start({ servers: [entry("a", { type: "http", url: peer.url })], limits });
    await assert(
      asyncProperty(anyText({ minLength: 600, maxLength: 3000, unit: "binary" }), async (said) => {
        held.said = `.${said.replaceAll(/\p{Cs}/gu, "?")}`;
        const { content } = await gateway.call({ server: "a", tool: "get" });
        expect(Buffer.byteLength(JSON.stringify({ content }))).toBeLessThanOrEqual(1024);
        expect(held.said.startsWith(String(content[0]?.["text"]).slice(0, -1))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("a longer body is 413", async () => {
    const { post } = await answering(text("x"), 2048);
    expect((await post("/a/get", { a: "x".repeat(3000) })).status).toBe(413);
    expect((await post("/a/get", { a: "x".repeat(1000) })).status).toBe(200);
  });
});
