import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings, start } from "@parley/mcpserver";
import { tokenStore } from "@parley/server";
import { describe, expect, onTestFinished, test } from "vitest";

const settings = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings({ flags, env: { HOME: "/home/u", ...env } });

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-access-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function running(flags: Record<string, unknown>) {
  const directory = await scratch();
  const notices: string[] = [];
  const server = await start(await settings({ port: "0", stateDir: directory, ...flags }), {
    env: {},
    notice: (text) => notices.push(text),
  });
  onTestFinished(() => server.close());
  const base = (server.url ?? "").replace(/\/mcp$/, "");
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${base}${path}`, { headers });
  return { ...server, base, get, notices };
}

describe("[ACC-17] access settings", () => {
  test("come from flags, variables and the file alike", async () => {
    const wanted = {
      tokens: "/t.json",
      oauthIssuer: "https://login.test",
      oauthAudience: ["https://hub.test/mcp"],
      oauthJwks: "https://login.test/keys",
      oauthScopesClaim: "roles",
      oauthScopePrefix: "parley:",
      rateLimit: { count: 600, perSeconds: 60 },
      bodyLimit: 524_288,
      maxCalls: 8,
      corsOrigin: ["https://app.example"],
      auditLog: "/a.jsonl",
    };
    const flags = {
      tokens: "/t.json",
      oauthIssuer: "https://login.test",
      oauthAudience: ["https://hub.test/mcp"],
      oauthJwks: "https://login.test/keys",
      oauthScopesClaim: "roles",
      oauthScopePrefix: "parley:",
      rateLimit: "600/min",
      bodyLimit: "512KiB",
      maxCalls: "8",
      corsOrigin: ["https://app.example/"],
      auditLog: "/a.jsonl",
    };
    expect(await settings(flags)).toMatchObject(wanted);
    const env = Object.fromEntries(
      Object.entries(flags).map(([key, value]) => [
        `MCPSERVER_${key.replaceAll(/[A-Z]/g, "_$&").toUpperCase()}`,
        String(value),
      ]),
    );
    expect(await settings({}, env)).toMatchObject(wanted);
    const path = join(await scratch(), "parley.yaml");
    const file = {
      server: {
        tokens: "/t.json",
        oauth: {
          issuer: "https://login.test",
          audience: ["https://hub.test/mcp"],
          jwks: "https://login.test/keys",
          scopes_claim: "roles",
          scope_prefix: "parley:",
        },
        rate_limit: "600/min",
        body_limit: "512KiB",
        max_calls: 8,
        cors_origins: ["https://app.example"],
        audit_log: "/a.jsonl",
      },
    };
    await writeFile(path, JSON.stringify(file));
    expect(await settings({ config: path })).toMatchObject(wanted);
  });

  test.each([
    ["rateLimit", "10/s", { count: 10, perSeconds: 1 }],
    ["rateLimit", "100/30s", { count: 100, perSeconds: 30 }],
    ["rateLimit", "5/h", { count: 5, perSeconds: 3600 }],
    ["bodyLimit", "4MiB", 4_194_304],
    ["bodyLimit", "1 GB", 1_073_741_824],
    ["bodyLimit", "65536", 65_536],
  ])("--%s %s is %j", async (key, value, expected) => {
    expect(await settings({ [key]: value })).toMatchObject({ [key]: expected });
  });

  test.each([
    [{ rateLimit: "many" }, /--rate-limit: "many" is not a number of requests in a time, as 600\/min/],
    [{ rateLimit: "0/min" }, /--rate-limit/],
    [{ rateLimit: "5/0s" }, /--rate-limit/],
    [{ bodyLimit: "1B" }, /--body-limit: "1B" is not a size from 1KiB to 1GiB/],
    [{ bodyLimit: "2GiB" }, /--body-limit/],
    [{ bodyLimit: "-4MiB" }, /--body-limit/],
    [{ maxCalls: "0" }, /--max-calls/],
    [{ corsOrigin: ["https://app.example/page"] }, /--cors-origin: .* without a path/],
    [{ corsOrigin: ["app.example"] }, /--cors-origin/],
    [{ corsOrigin: ["*"] }, /--cors-origin \* lets every page.*--insecure/],
    [{ oauthIssuer: "https://login.test" }, /--oauth-issuer needs --oauth-audience/],
    [{ oauthAudience: ["x"] }, /--oauth options need --oauth-issuer/],
    [{ oauthJwks: "https://login.test/keys" }, /--oauth options need --oauth-issuer/],
    [{ auditLog: "-", transport: "stdio" }, /--audit-log - writes to standard output/],
  ])("%j is refused", async (flags, message) => {
    await expect(settings(flags)).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });

  test("a token file or an issuer opens a network address as a token does", async () => {
    const host = "0.0.0.0";
    expect(await settings({ host, tokens: "/t.json" })).toMatchObject({ bindHost: host });
    const oauth = { oauthIssuer: "https://login.test", oauthAudience: ["x"] };
    expect(await settings({ host, ...oauth })).toMatchObject({ bindHost: host });
    expect(await settings({ corsOrigin: ["*"], tokens: "/t.json" })).toMatchObject({ corsOrigin: ["*"] });
    await expect(settings({ host })).rejects.toThrow(/--tokens or --oauth-issuer, or pass --insecure/);
  });

  test("what cannot be opened ends the start with a sentence", async () => {
    await expect(running({ tokens: "/nowhere/t.json" })).rejects.toThrow(
      /there is no such file; make it with `mcpserver token add NAME`/,
    );
    await expect(running({ auditLog: "/nowhere/a" })).rejects.toThrow(/cannot be opened \(ENOENT\)/);
    await expect(running({ oauthIssuer: "http://login.test", oauthAudience: ["x"] })).rejects.toThrow(
      /must be https/,
    );
  });

  test("all of them work together in a running server", async () => {
    const directory = await scratch();
    const tokens = join(directory, "tokens.json");
    const audit = join(directory, "audit.jsonl");
    const { token } = await tokenStore(tokens).add({ name: "ci", scopes: ["read"] });
    const server = await running({
      tokens,
      oauthIssuer: "http://127.0.0.1:9",
      oauthAudience: ["https://hub.test/mcp"],
      rateLimit: "2/min",
      corsOrigin: ["https://app.example"],
      auditLog: audit,
    });
    const authorization = `Bearer ${token}`;
    const metadata = await (await server.get("/.well-known/oauth-protected-resource")).json();
    expect(metadata).toMatchObject({
      resource: "https://hub.test/mcp",
      authorization_servers: ["http://127.0.0.1:9"],
    });
    const stranger = await server.get("/tools/list", { origin: "https://app.example" });
    expect([stranger.status, stranger.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("resource_metadata"),
    ]);
    expect(stranger.headers.get("access-control-allow-origin")).toBe("https://app.example");
    const jwt = await server.get("/tools/list", { authorization: "Bearer eyJhbGciOiJFUzI1NiJ9.e30.e30" });
    expect([jwt.status, await jwt.json()]).toMatchObject([503, { error: { code: "E_AUTH_UNAVAILABLE" } }]);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await server.get("/tools/list", { authorization })).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(server.notices).toContain(
      "Access tokens cannot be checked now: the keys of http://127.0.0.1:9 cannot be fetched.",
    );
    server.reopenLogs();
    await server.close();
    const lines = (await readFile(audit, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ caller, outcome, code }) => [caller, outcome, code])).toEqual([
      ["anonymous", "refused", "E_AUTH_REQUIRED"],
      ["anonymous", "refused", "E_AUTH_UNAVAILABLE"],
      ["ci", "ok", undefined],
      ["ci", "ok", undefined],
      ["ci", "refused", "E_RATE_LIMITED"],
    ]);
  });
});
