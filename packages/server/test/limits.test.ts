import { ParleyError } from "@parley/core";
import { anonymous, firstOf, staticToken } from "@parley/server";
import { fakeClock } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { gate, inject, modernRequest, registryOf, testServer, testTools, waitingTool } from "./support.ts";

type Server = ReturnType<typeof testServer>;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const get = async (
  server: Server,
  headers: Record<string, string> = {},
  remoteAddress = "10.0.0.1",
  url = "/tools/list",
) => {
  const answer = await server.app.inject({ url, headers, remoteAddress });
  return answer.statusCode;
};
const two = firstOf(staticToken("a", { name: "ann" }), staticToken("b", { name: "bob" }));

describe("[ACC-09] the rate limit", () => {
  it("gives each caller a bucket that refills, wherever the caller is", async () => {
    const clock = fakeClock();
    const server = testServer({ authenticator: two, rateLimit: { count: 3, perSeconds: 60 }, clock });
    const statuses = [];
    for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"])
      statuses.push(await get(server, bearer("a"), address));
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await get(server, bearer("b"))).toBe(200);
    const refused = await server.app.inject({ url: "/tools/list", headers: bearer("a") });
    expect(refused.headers["retry-after"]).toBe("20");
    expect(refused.json().error).toMatchObject({
      code: "E_RATE_LIMITED",
      retryable: true,
      details: { retryAfterSeconds: 20 },
    });
    clock.advance(19_999);
    expect(await get(server, bearer("a"))).toBe(429);
    clock.advance(1);
    expect([await get(server, bearer("a")), await get(server, bearer("a"))]).toEqual([200, 429]);
    clock.setTime(clock.now() - 3_600_000);
    expect(await get(server, bearer("a"))).toBe(429);
  });

  it("answers MCP with a JSON-RPC error, and counts each call of a batch", async () => {
    const server = testServer({ rateLimit: { count: 5, perSeconds: 60 }, clock: fakeClock() });
    const call = {
      jsonrpc: "2.0",
      method: "tools/call",
      params: { name: "echo", arguments: { message: "x" } },
    };
    const batch = (size: number) =>
      server.app.inject({
        method: "POST",
        url: "/mcp",
        headers: { accept: "application/json, text/event-stream" },
        payload: Array.from({ length: size }, (_, id) => ({ ...call, id })),
      });
    expect((await batch(4)).statusCode).toBe(200);
    const refused = await batch(3);
    expect([refused.statusCode, refused.headers["retry-after"], refused.json()]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
      expect.objectContaining({
        jsonrpc: "2.0",
        error: expect.objectContaining({ data: expect.objectContaining({ code: "E_RATE_LIMITED" }) }),
      }),
    ]);
    expect((await inject(server, modernRequest("tools/list"))).statusCode).toBe(429);
  });

  it("tells strangers apart by address, and never keeps a monitor from /health", async () => {
    const server = testServer({
      authenticator: anonymous(),
      rateLimit: { count: 1, perSeconds: 60 },
      clock: fakeClock(),
    });
    const same = ["10.0.0.1", "::ffff:10.0.0.1"];
    expect([
      await get(server, {}, same[0]),
      await get(server, {}, same[1]),
      await get(server, {}, "10.0.0.2"),
    ]).toEqual([200, 429, 200]);
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => get(server, {}, "10.0.0.1", "/health")),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("counts a whole IPv6 /64 as one address", async () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const host = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(":"));
    await fc.assert(
      fc.asyncProperty(host, host, host, async (network, one, other) => {
        fc.pre(network !== "0:0:0:0");
        const server = testServer({ rateLimit: { count: 1, perSeconds: 60 }, clock: fakeClock() });
        expect(await get(server, {}, `${network}:${one}`)).toBe(200);
        expect(await get(server, {}, `${network}:${other}`)).toBe(429);
        expect(await get(server, {}, `2001:db8:ffff:fffe:${other}`)).toBe(
          network === "2001:db8:ffff:fffe" ? 429 : 200,
        );
      }),
      { numRuns: 20 },
    );
    const server = testServer({ rateLimit: { count: 1, perSeconds: 60 }, clock: fakeClock() });
    expect(await get(server, {}, "2001:db8::1")).toBe(200);
    expect(await get(server, {}, "2001:db8:0:0:9::2")).toBe(429);
    expect(await get(server, {}, "2001:db8:0:1::2")).toBe(200);
    expect(await get(server, {}, "fe80::1%eth0")).toBe(200);
    expect(await get(server, {}, "fe80::2")).toBe(429);
  });
});

describe("[ACC-10] guessing", () => {
  it("is cut off per address, for every credential that has not worked before", async () => {
    const clock = fakeClock();
    const server = testServer({ authenticator: two, failureLimit: { count: 3, perSeconds: 60 }, clock });
    expect(await get(server, bearer("a"))).toBe(200);
    const guesses = [];
    for (let n = 0; n < 4; n += 1) guesses.push(await get(server, bearer(`guess${n}`)));
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect(await get(server, bearer("b"))).toBe(429);
    expect(await get(server, bearer("a"))).toBe(200);
    expect(await get(server, bearer("b"), "10.0.0.2")).toBe(200);
    expect(await get(server, bearer("b"))).toBe(200);
    clock.advance(20_000);
    expect(await get(server, bearer("guess"))).toBe(401);
    expect(await get(server, bearer("guess"))).toBe(429);
  });

  it("is not covered by another credential, nor by one sent where nobody looks", async () => {
    const server = testServer({
      authenticator: two,
      failureLimit: { count: 1, perSeconds: 3600 },
      clock: fakeClock(),
    });
    const config = { public: true, secretHeader: "x-secret" };
    server.app.post("/join", { config }, async ({ headers }) => {
      if (headers["x-secret"] !== "right") throw new ParleyError("E_REGISTER_FORBIDDEN", "wrong");
      return "joined";
    });
    server.app.post("/open", { config: { public: true } }, async () => "open");
    const post = async (url: string, headers: Record<string, string>) =>
      (await server.app.inject({ method: "POST", url, headers, remoteAddress: "10.0.0.1" })).statusCode;
    expect(await get(server, bearer("a"))).toBe(200);
    expect(await post("/join", { "x-secret": "guess" })).toBe(403);
    expect(await post("/join", { "x-secret": "guess", ...bearer("a") })).toBe(429);
    for (const guess of ["right", "b"]) {
      expect(await post("/open", { "x-secret": guess, ...bearer(guess) })).toBe(200);
      expect(await get(server, { "x-secret": guess, ...bearer(guess) }, "10.0.0.1", "/health")).toBe(200);
    }
    expect(await post("/join", { "x-secret": "right" })).toBe(429);
    expect(await get(server, bearer("b"))).toBe(429);
    expect(await get(server, bearer("a"))).toBe(200);
  });

  it("does not count requests that bring no credential, and can be left uncounted", async () => {
    const failureLimit = { count: 1, perSeconds: 60 };
    const server = testServer({ authenticator: two, failureLimit, clock: fakeClock() });
    for (let n = 0; n < 5; n += 1) expect(await get(server)).toBe(401);
    expect(await get(server, bearer("a"))).toBe(200);
    const open = testServer({ authenticator: two, failureLimit: false });
    for (let n = 0; n < 40; n += 1) expect(await get(open, bearer("x"))).toBe(401);
  });

  it("has a limit when none is set", async () => {
    const server = testServer({ authenticator: two, clock: fakeClock() });
    for (let n = 0; n < 30; n += 1) expect(await get(server, bearer("x"))).toBe(401);
    const refused = await server.app.inject({
      url: "/tools/list",
      headers: bearer("x"),
      remoteAddress: "10.0.0.1",
    });
    expect([refused.statusCode, refused.headers["retry-after"], refused.json().error.message]).toEqual([
      429,
      "2",
      "Too many failed log-ins from this address; try again in 2 s.",
    ]);
    expect(await get(server, bearer("x"), "10.0.0.1", "/health")).toBe(200);
  });
});

describe("[ACC-11] what is too much", () => {
  it("is a body beyond the limit, on every route", async () => {
    const server = testServer({ bodyLimitBytes: 2048 });
    server.app.post("/take", async () => "taken");
    const payload = JSON.stringify({ text: "x".repeat(3000) });
    for (const url of ["/mcp", "/take"]) {
      const answer = await server.app.inject({
        method: "POST",
        url,
        payload,
        headers: { "content-type": "application/json" },
      });
      expect([url, answer.statusCode, answer.body]).toEqual([
        url,
        413,
        expect.stringContaining("E_BODY_TOO_LARGE"),
      ]);
    }
  });

  it.each([true, false])("is one call more than may run at once (thin path %s)", async (fastPath) => {
    const { tool, running, release } = waitingTool();
    const server = testServer({ maxCalls: 1, fastPath, registry: registryOf([tool, ...testTools()]) });
    const waiting = inject(server, modernRequest("tools/call", { name: "waits", arguments: {} }));
    await running;
    const echo = modernRequest("tools/call", { name: "echo", arguments: { message: "x" } });
    const refused = await inject(server, echo);
    expect([refused.statusCode, refused.headers["retry-after"], refused.json()]).toMatchObject([
      503,
      "1",
      { jsonrpc: "2.0", error: { data: { code: "E_SERVER_BUSY", retryable: true } } },
    ]);
    expect((await inject(server, modernRequest("tools/list"))).statusCode).toBe(200);
    release();
    expect((await waiting).statusCode).toBe(200);
    expect((await inject(server, echo)).statusCode).toBe(200);
  });

  it("is refused inside a batch call by call", async () => {
    const { tool, running, release } = waitingTool();
    const server = testServer({ maxCalls: 1, registry: registryOf([tool, ...testTools()]) });
    const waiting = inject(server, modernRequest("tools/call", { name: "waits", arguments: {} }));
    await running;
    const call = (id: number) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "echo", arguments: { message: "x" } },
    });
    const answer = await server.app.inject({
      method: "POST",
      url: "/mcp",
      headers: { accept: "application/json, text/event-stream" },
      payload: [call(1), call(2)],
    });
    expect(answer.body.match(/E_SERVER_BUSY/g)).toHaveLength(2);
    release();
    await waiting;
  });

  it("counts routes that do what a tool does, until they have answered, and ends with the server", async () => {
    const { tool, running, release } = waitingTool();
    const held = gate<string>();
    const server = testServer({
      maxCalls: 1,
      registry: registryOf([tool, ...testTools()]),
      closeGraceMs: 2000,
    });
    server.app.get("/work", { config: { call: true } }, () => held.opened);
    server.app.get("/fails", { config: { call: true } }, () => Promise.reject(new Error("broken")));
    server.app.get("/free", async () => "free");
    const get = async (url: string) => await server.app.inject({ url });
    const refusal = async (url: string) => {
      const { statusCode, headers, body } = await get(url);
      return [statusCode, headers["retry-after"], JSON.parse(body).error.code];
    };
    const waiting = inject(server, modernRequest("tools/call", { name: "waits", arguments: {} }));
    await running;
    expect(await refusal("/work")).toEqual([503, "1", "E_SERVER_BUSY"]);
    expect((await get("/free")).statusCode).toBe(200);
    release();
    await waiting;
    expect((await get("/fails")).statusCode).toBe(500);
    const work = get("/work");
    await vi.waitFor(() => expect(server.activity().runningCalls).toBe(1));
    const echo = modernRequest("tools/call", { name: "echo", arguments: { message: "x" } });
    expect((await inject(server, echo)).statusCode).toBe(503);
    const closed = server.close();
    expect(await refusal("/work")).toEqual([503, undefined, "E_SERVER_CLOSING"]);
    held.open("done");
    expect((await work).body).toBe("done");
    await closed;
  });

  it("counts a route whose client has gone for as long as it works", async () => {
    const held = gate<string>();
    const server = testServer({ maxCalls: 1 });
    server.app.get("/work", { config: { call: true } }, () => held.opened);
    const { url } = await server.listen();
    const leave = new AbortController();
    const left = fetch(`${url}/work`, { signal: leave.signal }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(server.activity().runningCalls).toBe(1));
    leave.abort();
    await left;
    expect((await fetch(`${url}/work`)).status).toBe(503);
    held.open("done");
    await vi.waitFor(() => expect(server.activity().runningCalls).toBe(0));
    expect((await fetch(`${url}/work`)).status).toBe(200);
  });
});
