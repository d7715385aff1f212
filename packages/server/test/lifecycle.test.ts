import { readFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { connect as connectSocket } from "node:net";
import { PassThrough } from "node:stream";
import { createServer, serveStdio } from "@parley/server";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  gate,
  modernClient,
  modernMeta,
  modernRequest,
  oddTool,
  oldClient,
  registryOf,
  testServer,
  testTools,
  waitingTool,
} from "./support.ts";

const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url));
const idOf = (response: { headers: Record<string, unknown> }) => String(response.headers["mcp-session-id"]);

function pipe() {
  const input = new PassThrough();
  const output = new PassThrough();
  const lines: string[] = [];
  let waiting = gate();
  output.on("data", (chunk: Buffer) => {
    lines.push(...chunk.toString().split("\n").filter(Boolean));
    waiting.open();
  });
  const until = async (found: (line: string) => boolean): Promise<string> => {
    for (;;) {
      const line = lines.find(found);
      if (line !== undefined) return line;
      waiting = gate();
      await waiting.opened;
    }
  };
  const send = (message: object): void =>
    void input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  return { input, output, lines, until, send };
}

describe("listen", () => {
  it("gives a URL that can be called, for wildcards too", async () => {
    const server = testServer();
    const { url, port } = await server.listen({ host: "0.0.0.0" });
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it("says who to ask and which flag to change", async () => {
    const { port } = await testServer().listen();
    const refused = testServer().listen({ port });
    await expect(refused).rejects.toMatchObject({ code: "E_LISTEN_FAILED" });
    await expect(refused).rejects.toThrow(new RegExp(`port ${port} is in use.*--port`));
    await expect(testServer().listen({ host: "192.0.2.1" })).rejects.toThrow(/--host/);
  });

  it("serves https", async () => {
    const [key, cert] = await Promise.all([fixture("key.pem"), fixture("cert.pem")]);
    const server = testServer({ https: { key, cert } });
    const { url } = await server.listen({ host: "localhost" });
    expect(url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      httpsRequest(`${url}/health`, { ca: cert }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

describe("close", () => {
  it("lets a running call finish, and is safe twice", async () => {
    const waits = waitingTool();
    const server = createServer({ name: "t", version: "1", registry: registryOf([waits.tool]) });
    const { url } = await server.listen();
    const { headers, payload } = modernRequest("tools/call", { name: "waits", arguments: {} });
    const answer = fetch(`${url}/mcp`, { method: "POST", headers, body: JSON.stringify(payload) });
    await waits.running;
    const closed = [server.close(), server.close()];
    waits.release();
    expect(await (await answer).text()).toContain("waited");
    await Promise.all(closed);
    await expect(fetch(`${url}/health`)).rejects.toThrow("fetch failed");
  });

  it("aborts what outlives the grace, and ends sessions, subscriptions and idle sockets", async () => {
    const waits = waitingTool();
    const server = testServer({ closeGraceMs: 10 });
    server.registry.addTool(waits.tool);
    const { url, port } = await server.listen();
    await oldClient(url);
    await modernClient(url, { listChanged: { tools: { onChanged: () => undefined } } });
    const idle = connectSocket(port, "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    const { headers, payload } = modernRequest("tools/call", { name: "waits", arguments: {} });
    const call = fetch(`${url}/mcp`, { method: "POST", headers, body: JSON.stringify(payload) }).catch(
      String,
    );
    await waits.running;
    await server.close();
    expect(await waits.aborted).toMatchObject({ code: "E_INTERRUPTED" });
    await call;
    idle.destroy();
  });
});

describe("calls", () => {
  it("are aborted when the caller disconnects", async () => {
    const waits = waitingTool();
    const server = testServer();
    server.registry.addTool(waits.tool);
    const { url } = await server.listen();
    const { headers, payload } = modernRequest("tools/call", { name: "waits", arguments: {} });
    const controller = new AbortController();
    const { signal } = controller;
    const call = fetch(`${url}/mcp`, { method: "POST", headers, body: JSON.stringify(payload), signal });
    await waits.running;
    controller.abort();
    await expect(call).rejects.toThrow(/abort/);
    expect(await waits.aborted).toMatchObject({ code: "E_INTERRUPTED" });
  });

  it("are answered when a tool passes its deadline", async () => {
    const waits = waitingTool();
    const server = testServer({ requestTimeoutMs: 5 });
    server.registry.addTool(waits.tool);
    const call = modernRequest("tools/call", { name: "waits", arguments: {} });
    const { result } = (await server.app.inject({ method: "POST", url: "/mcp", ...call })).json();
    expect(result).toMatchObject({ isError: true, _meta: { "parley/error": { code: "E_MCP_TIMEOUT" } } });
    expect(await waits.aborted).toMatchObject({ code: "E_MCP_TIMEOUT" });
  });
});

describe("sessions of 2025-era clients", () => {
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } },
  };
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const post = (server: ReturnType<typeof testServer>, payload: object, more: Record<string, string> = {}) =>
    server.app.inject({ method: "POST", url: "/mcp", payload, headers: { ...headers, ...more } });

  it("give up the idlest for a new one, and forget it", async () => {
    let now = 0;
    const server = testServer({ maxSessions: 2, clock: { now: () => (now += 1000) } });
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push(idOf(await post(server, initialize)));
    const [first = "", , third = ""] = ids;
    expect((await post(server, list, { "mcp-session-id": first })).statusCode).toBe(404);
    expect((await post(server, list, { "mcp-session-id": third })).body).toContain('"echo"');
  });

  it("end when they have been idle too long", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    let now = 0;
    const server = testServer({ sessionIdleMs: 1000, clock: { now: () => now } });
    const id = { "mcp-session-id": idOf(await post(server, initialize)) };
    now = 900;
    vi.advanceTimersByTime(30_000);
    expect((await post(server, list, id)).statusCode).toBe(200);
    now = 2000;
    vi.advanceTimersByTime(30_000);
    expect((await post(server, list, id)).statusCode).toBe(404);
  });

  it("belong to the caller that opened them", async () => {
    const { staticToken, firstOf } = await import("@parley/server");
    const server = testServer({
      authenticator: firstOf(staticToken("a", { name: "ada" }), staticToken("b", { name: "bob" })),
    });
    const id = idOf(await post(server, initialize, { authorization: "Bearer a" }));
    const as = (token: string) =>
      post(server, list, { "mcp-session-id": id, authorization: `Bearer ${token}` });
    expect((await as("b")).statusCode).toBe(404);
    expect((await as("a")).statusCode).toBe(200);
  });

  it("end on DELETE", async () => {
    const server = testServer();
    const more = { ...headers, "mcp-session-id": idOf(await post(server, initialize)) };
    expect((await server.app.inject({ method: "DELETE", url: "/mcp", headers: more })).statusCode).toBe(200);
    expect((await post(server, list, more)).statusCode).toBe(404);
  });

  it("are not needed: a request without one is served alone", async () => {
    expect((await post(testServer(), list)).body).toContain('"echo"');
  });
});

describe("serveStdio", () => {
  it("serves the 2025 era, tells of changes, writes nothing but the protocol and ends with its input", async () => {
    const { input, output, lines, until, send } = pipe();
    const registry = registryOf(testTools());
    const served = serveStdio({ name: "s", version: "1", registry, input, output });
    const clientInfo = { name: "c", version: "1" };
    send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    await until((line) => line.includes('"id":1'));
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/call", params: { name: "who", arguments: {} } });
    expect(JSON.parse(await until((line) => line.includes('"id":2'))).result.structuredContent).toEqual({
      caller: "stdio",
      scopes: ["admin", "dispatch", "negotiate", "read"],
    });
    registry.addTool({ ...oddTool, name: "fresh" });
    await until((line) => line.includes("notifications/tools/list_changed"));
    input.write("not json\n");
    send({ id: 3, method: "tools/list" });
    expect(await until((line) => line.includes('"id":3'))).toContain('"fresh"');
    input.end();
    await served;
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  it("serves the 2026 era with subscriptions, until aborted", async () => {
    const { input, output, until, send } = pipe();
    const registry = registryOf(testTools());
    const controller = new AbortController();
    const { signal } = controller;
    const served = serveStdio({ name: "s", version: "1", registry, input, output, signal });
    send({
      id: 1,
      method: "tools/call",
      params: { name: "echo", arguments: { message: "hi" }, _meta: modernMeta },
    });
    expect(await until((line) => line.includes('"id":1'))).toContain('"text":"hi"');
    const notifications = { toolsListChanged: true };
    send({ id: 2, method: "subscriptions/listen", params: { notifications, _meta: modernMeta } });
    await until((line) => line.includes("acknowledged"));
    registry.addTool({ ...oddTool, name: "fresh" });
    await until((line) => line.includes("notifications/tools/list_changed"));
    controller.abort();
    await served;
  });
});
