import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inject, modernRequest, testServer } from "./support.ts";

interface Sent {
  readonly host?: string;
  readonly origin?: string;
}

async function passes(headers: Sent, options: Parameters<typeof testServer>[0] = {}): Promise<boolean> {
  const answer = await testServer(options).app.inject({
    url: "/health",
    headers: { host: "localhost", ...headers },
  });
  if (answer.statusCode !== 200) expect(answer.json().error.code).toBe("E_HOST_REFUSED");
  return answer.statusCode === 200;
}

describe("[ACC-08] the Host of a request", () => {
  it.each([
    "localhost",
    "LocalHost:8089",
    "localhost.",
    "localhost.:8089",
    "127.0.0.1",
    "127.255.0.9:1",
    "127.0.0.1.",
    "[::1]",
    "[::1]:65535",
    "[0:0:0:0:0:0:0:1]:80",
    "[0000::0001]",
    "0.0.0.0:8000",
  ])("%s is this machine", async (host) => {
    expect(await passes({ host })).toBe(true);
  });

  it.each([
    "localhost..",
    ".localhost",
    "localhost.localdomain",
    "127.0.0.1.nip.io",
    "127.0.0.1@evil.test",
    "evil.test:127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "[::2]",
    "[::ffff:7f00:2]",
    "[::1",
    "::1",
    "[::1].evil.test",
    "localhost:",
    "localhost:http",
    "localhost:999999",
    "localhost/evil.test",
    "evil.test, localhost",
    "*",
  ])("%s is not", async (host) => {
    expect(await passes({ host })).toBe(false);
  });

  it.each([
    [["hub.example"], "HUB.example.:443", true],
    [["Hub.Example:8000"], "hub.example", true],
    [["hub.example"], "evil.hub.example", false],
    [["hub.example"], "hub.example.evil.test", false],
    [["hub.example"], "127.0.0.1", true],
    [["2001:db8::1"], "[2001:0db8:0::1]:443", true],
    [["[2001:db8::1]"], "[2001:db8::1]", true],
    [["2001:db8::1"], "[2001:db8::2]", false],
    [["*"], "anything.test", true],
  ])("with --allowed-hosts %j, %s passes: %s", async (allowedHosts, host, expected) => {
    expect(await passes({ host }, { allowedHosts })).toBe(expected);
  });

  it("may be anything that is the bound address, in any spelling", async () => {
    const server = testServer({ allowedHosts: ["hub.example"] });
    await server.listen({ host: "::1" });
    const get = async (host: string) =>
      (await server.app.inject({ url: "/health", headers: { host } })).statusCode;
    expect([await get("[::1]:80"), await get("[0::1]"), await get("evil.test")]).toEqual([200, 200, 403]);
  });

  it("is never let through when it is another's name, whatever its spelling", async () => {
    const server = testServer();
    const name = fc
      .array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 1, maxLength: 4 })
      .map((labels) => `${labels.join(".")}.evil.test`);
    const dressed = fc.tuple(name, fc.constantFrom("", ".", ":80", ".:80"), fc.boolean());
    await fc.assert(
      fc.asyncProperty(dressed, async ([host, end, upper]) => {
        const sent = `${upper ? host.toUpperCase() : host}${end}`;
        const answer = await server.app.inject({ url: "/health", headers: { host: sent } });
        expect([sent, answer.statusCode]).toEqual([sent, 403]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("[ACC-08] the Origin of a request", () => {
  it.each([
    ["http://localhost:5173", true],
    ["HTTP://LOCALHOST", true],
    ["http://localhost.", true],
    ["http://[::1]:3000", true],
    ["http://127.0.0.1", true],
    ["null", false],
    ["", false],
    ["file://", false],
    ["https://evil.test", false],
    ["https://localhost.evil.test", false],
    ["https://localhost@evil.test", false],
    ["chrome-extension://localhost", false],
    ["localhost", false],
  ])("%j passes: %s", async (origin, expected) => {
    expect(await passes({ origin })).toBe(expected);
  });

  it("may be one that was allowed, exactly", async () => {
    const corsOrigins = ["https://app.example", "http://localhost:1"];
    const allowed = async (origin: string) => passes({ origin }, { corsOrigins });
    expect(await allowed("https://app.example")).toBe(true);
    expect(await allowed("https://APP.example:443")).toBe(true);
    expect(await allowed("http://app.example")).toBe(false);
    expect(await allowed("https://app.example:444")).toBe(false);
    expect(await allowed("https://app.example.evil.test")).toBe(false);
    expect(await allowed("null")).toBe(false);
    expect(await passes({ origin: "https://any.test" }, { corsOrigins: ["*"] })).toBe(true);
    expect(await passes({ host: "evil.test", origin: "https://any.test" }, { corsOrigins: ["*"] })).toBe(
      false,
    );
  });

  it("is checked before MCP answers, and the refusal is JSON-RPC", async () => {
    const request = modernRequest("tools/list");
    const headers = { ...request.headers, host: "localhost", origin: "https://evil.test" };
    const answer = await inject(testServer(), { ...request, headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      403,
      {
        jsonrpc: "2.0",
        error: { data: { code: "E_HOST_REFUSED" }, message: expect.stringContaining("evil.test") },
      },
    ]);
  });
});
