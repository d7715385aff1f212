import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { firstOf, staticToken } from "@parley/server";
import { fakeClock } from "@parley/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { inject, modernRequest, oldClient, oddTool, testServer } from "./support.ts";

async function sseClient(url: string, token?: string): Promise<Client> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const transport = new SSEClientTransport(new URL(`${url}/sse`), {
    requestInit: { headers },
    eventSourceInit: {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
    },
  });
  const client = new Client({ name: "old", version: "1" });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** Opens a stream by hand and tells where its messages go. */
async function rawStream(url: string, token: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${url}/sse`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  const { value } = (await response.body?.getReader().read()) ?? {};
  return /data: (\S+)/.exec(new TextDecoder().decode(value))?.[1] ?? "";
}

describe("[SRV-06] the SSE transport of 2024", () => {
  it("serves a client of that time beside the others, and tells it when a list changes", async () => {
    const server = testServer({ sse: true });
    const { url } = await server.listen();
    const [sse, streamable] = [await sseClient(url), await oldClient(url)];
    for (const client of [sse, streamable]) {
      expect(await client.callTool({ name: "add", arguments: { a: 2 } })).toMatchObject({
        structuredContent: { sum: 3 },
      });
    }
    const changed = vi.fn<(method: string) => void>();
    sse.fallbackNotificationHandler = async ({ method }) => changed(method);
    server.registry.remove("this program");
    server.registry.addTool({ ...oddTool, name: "fresh" });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledWith("notifications/tools/list_changed"));
    expect((await server.app.inject("/health")).json().sessions).toMatchObject({ open: 2, sse: 1 });
    await sse.close();
    await vi.waitFor(() => expect(server.activity().sse.open).toBe(0));
  });

  it("is not there unless asked for", async () => {
    expect((await testServer().app.inject("/sse")).statusCode).toBe(404);
  });

  it("asks for the credential, and gives a session to nobody but its owner", async () => {
    const authenticator = firstOf(staticToken("a", { name: "ann" }), staticToken("b", { name: "bob" }));
    const { url } = await testServer({ sse: true, authenticator }).listen();
    expect((await fetch(`${url}/sse`)).status).toBe(401);
    const endpoint = await rawStream(url, "a");
    expect(endpoint).toMatch(/^\/messages\?sessionId=/);
    const post = async (token: string, path = endpoint) => {
      const answer = await fetch(`${url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      });
      return answer.status;
    };
    expect(await post("a")).toBe(202);
    expect(await post("b")).toBe(404);
    expect(await post("a", "/messages?sessionId=none")).toBe(404);
    expect(await post("wrong")).toBe(401);
    const withToken = await sseClient(url, "b");
    expect(await withToken.listTools()).toMatchObject({ tools: expect.any(Array) });
  });

  it("ends a session nobody uses, counts it, and refuses more than fit", async () => {
    const clock = fakeClock();
    const server = testServer({ sse: true, clock, sessionIdleMs: 1000, maxSessions: 1 });
    const { url } = await server.listen();
    await sseClient(url);
    expect((await fetch(`${url}/sse`)).status).toBe(503);
    clock.advance(1001);
    await sseClient(url);
    expect(server.activity().sse).toEqual({ open: 1, expired: 1 });
  });

  it("names its messages under the path a proxy shows", async () => {
    const authenticator = staticToken("t");
    const server = testServer({ sse: true, authenticator, baseUrl: "https://example.org/site/" });
    const { url } = await server.listen();
    expect(await rawStream(url, "t")).toMatch(/^\/site\/messages\?/);
  });
});

describe("[SRV-13] sessions that clients leave behind", () => {
  const open = (server: ReturnType<typeof testServer>) =>
    server.app.inject({
      method: "POST",
      url: "/mcp",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      payload: {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
      },
    });

  it("stay within their number, and are counted", async () => {
    const server = testServer({ maxSessions: 20 });
    for (let index = 0; index < 500; index += 1) expect((await open(server)).statusCode).toBe(200);
    expect(server.activity().sessions).toEqual({ open: 20, expired: 480 });
    const still = await inject(server, modernRequest("tools/list"));
    expect(still.statusCode).toBe(200);
  });

  it("end when they have been idle for the set time", async () => {
    const clock = fakeClock();
    const server = testServer({ clock, sessionIdleMs: 60_000, maxSessions: 2 });
    await open(server);
    clock.advance(60_001);
    await open(server);
    await open(server);
    expect(server.activity().sessions).toEqual({ open: 2, expired: 1 });
  });
});
