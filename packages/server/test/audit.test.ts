import { execFile } from "node:child_process";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { auditLog, firstOf, requireScope, staticToken, type ServerOptions } from "@parley/server";
import { defineTool } from "@parley/tool-registry";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import {
  inject,
  modernClient,
  modernRequest,
  oldClient,
  registryOf,
  scratch,
  testServer,
  testTools,
} from "./support.ts";

type Line = Record<string, unknown> & { args?: Record<string, unknown> };

const anything = defineTool({
  name: "anything",
  description: "Takes anything.",
  input: z.looseObject({}),
  handler: () => "ok",
});

async function audited(options: Partial<ServerOptions> = {}) {
  const path = `${await scratch()}/audit.jsonl`;
  const log = await auditLog({ to: path });
  onTestFinished(() => log.close());
  const server = testServer({
    observers: [log.observer],
    registry: registryOf([anything, ...testTools()]),
    ...options,
  });
  const lines = async (): Promise<Line[]> => {
    await server.close();
    await log.close();
    return linesOf(path);
  };
  return { path, log, server, lines };
}

async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

async function recorded(args: Record<string, unknown>): Promise<unknown> {
  const { server, lines } = await audited();
  expect(
    (await inject(server, modernRequest("tools/call", { name: "anything", arguments: args }))).statusCode,
  ).toBe(200);
  const [line] = await lines();
  return line?.args;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const locked = firstOf(
  staticToken("s", { name: "ops" }),
  staticToken("r", { name: "reader", scopes: new Set(["read"]) }),
);

describe("[ACC-13] the audit log", () => {
  it("has a line for each call: who, from where, what, how it came out", async () => {
    const { server, lines, path } = await audited({ authenticator: locked });
    server.registry.addPrompt({
      name: "ask",
      arguments: [{ name: "topic" }],
      get: async () => ({ messages: [] }),
    });
    server.registry.addResource({ name: "r", uri: "a://r", mimeType: "text/plain", read: async () => [] });
    const { url } = await server.listen();
    const modern = await modernClient(url, {}, bearer("s"));
    const old = await oldClient(url, bearer("r"));
    await modern.callTool({ name: "echo", arguments: { message: "hello" } });
    await old.callTool({ name: "fails", arguments: {} });
    await modern.getPrompt({ name: "ask", arguments: { topic: "rain" } });
    await old.readResource({ uri: "a://r" });
    await expect(old.getPrompt({ name: "none" })).rejects.toThrow(/no prompt/);
    await expect(modern.callTool({ name: "nothing", arguments: {} })).rejects.toThrow(/nothing/);
    const found = await lines();
    const common = {
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      address: "127.0.0.1",
      durationMs: expect.any(Number),
    };
    expect(found).toEqual([
      { ...common, caller: "ops", kind: "tool", name: "echo", outcome: "ok", args: { message: "hello" } },
      {
        ...common,
        caller: "reader",
        kind: "tool",
        name: "fails",
        outcome: "error",
        code: "E_TOOL_FAILED",
        args: {},
      },
      { ...common, caller: "ops", kind: "prompt", name: "ask", outcome: "ok", args: { topic: "rain" } },
      { ...common, caller: "reader", kind: "resource", name: "a://r", outcome: "ok", args: {} },
      {
        ...common,
        caller: "reader",
        kind: "prompt",
        name: "none",
        outcome: "unknown",
        code: "E_OBJECT_UNKNOWN",
        args: {},
      },
      {
        ...common,
        caller: "ops",
        kind: "tool",
        name: "nothing",
        outcome: "unknown",
        code: "E_TOOL_UNKNOWN",
        args: {},
      },
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("has a line for each refusal, and for what is asked of other routes", async () => {
    const { server, lines } = await audited({
      authenticator: locked,
      rateLimit: { count: 4, perSeconds: 3600 },
    });
    server.app.post("/jobs/:id/stop", { preHandler: requireScope("dispatch") }, async () => ({
      stopped: true,
    }));
    server.app.post("/beat", { config: { public: true } }, async () => "ok");
    const call = modernRequest("tools/call", { name: "dispatches", arguments: { secret: "x", n: 1 } });
    await inject(server, call);
    await inject(server, { ...call, headers: { ...call.headers, ...bearer("wrong") } });
    await inject(server, { ...call, headers: { ...call.headers, ...bearer("r") } });
    const post = (url: string, headers: Record<string, string>) =>
      server.app.inject({ method: "POST", url, headers, payload: { password: "x", why: "y" } });
    await post("/jobs/7/stop?dry=1", bearer("s"));
    await post("/jobs/7/stop", bearer("r"));
    await post("/beat", {});
    await server.app.inject("/health");
    await server.app.inject({
      url: "/tools/list?token=hunter2",
      headers: { ...bearer("r"), host: "evil.test" },
    });
    await server.app.inject({ url: "/none?token=hunter2", headers: bearer("r") });
    await server.app.inject({ url: "/tools/list", headers: bearer("r") });
    await server.app.inject({ url: "/tools/list", headers: bearer("r") });
    const found = (await lines()).map(({ caller, kind, name, outcome, code, args }) => [
      caller,
      kind,
      name,
      outcome,
      code,
      args,
    ]);
    const hidden = "[redacted]";
    const body = { password: hidden, why: "y" };
    expect(found).toEqual([
      ["anonymous", "request", "POST /mcp", "refused", "E_AUTH_REQUIRED", {}],
      ["anonymous", "request", "POST /mcp", "refused", "E_AUTH_REQUIRED", {}],
      ["reader", "tool", "dispatches", "refused", "E_AUTH_FORBIDDEN", { secret: hidden, n: 1 }],
      [
        "ops",
        "request",
        "POST /jobs/:id/stop",
        "ok",
        undefined,
        { params: { id: "7" }, query: { dry: "1" }, body },
      ],
      [
        "reader",
        "request",
        "POST /jobs/:id/stop",
        "refused",
        "E_AUTH_FORBIDDEN",
        { params: { id: "7" }, body },
      ],
      ["anonymous", "request", "GET /tools/list", "refused", "E_HOST_REFUSED", { query: { token: hidden } }],
      ["reader", "request", "GET /none", "error", "E_ROUTE_UNKNOWN", { query: { token: hidden } }],
      ["reader", "request", "GET /tools/list", "ok", undefined, {}],
      ["reader", "request", "GET /tools/list", "refused", "E_RATE_LIMITED", {}],
    ]);
  });

  it("hides values by their keys, and keeps the structure", async () => {
    const shown = await recorded({
      apiKey: "a",
      API_KEY: "b",
      "x-auth-token": "c",
      password: 1234,
      credentials: { user: "u", pass: "p" },
      privateKey: ["a"],
      secret: null,
      token: false,
      monkey: "banana",
      keyboard: "qwerty",
      nested: [{ Authorization: "Basic abcdefgh", deep: { clientSecret: "s", n: 1 } }],
      env: [
        { name: "DB_PASSWORD", value: "hunter2" },
        { name: "HOME", value: "/home/u" },
      ],
      argv: ["login", "--token", "hunter2", "--verbose", "yes"],
    });
    const hidden = "[redacted]";
    expect(shown).toEqual({
      apiKey: hidden,
      API_KEY: hidden,
      "x-auth-token": hidden,
      password: hidden,
      credentials: hidden,
      privateKey: hidden,
      secret: null,
      token: false,
      monkey: "banana",
      keyboard: "qwerty",
      nested: [{ Authorization: hidden, deep: { clientSecret: hidden, n: 1 } }],
      env: [
        { name: "DB_PASSWORD", value: hidden },
        { name: "HOME", value: "/home/u" },
      ],
      argv: ["login", "--token", hidden, "--verbose", "yes"],
    });
  });

  it.each([
    ["a bearer credential", "curl -H 'Authorization: Bearer abcdef123456'", "abcdef123456"],
    ["a JSON web token", "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0xx.sig", "eyJzdWIi"],
    ["a password in an address", "postgres://u:hunter2@db/x", "hunter2"],
    ["an assignment", "PGPASSWORD=hunter2 psql", "hunter2"],
    ["a flag", "login --password hunter2", "hunter2"],
    ["a token of ours", `parley_0123456789ab_${"A".repeat(43)}`, "AAAA"],
    ["a cloud key", "AKIAABCDEFGHIJKLMNOP", "ABCDEFGH"],
    ["a forge's token", `github_pat_${"a1".repeat(20)}`, "a1a1"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----", "MIIabc"],
  ])("hides %s inside a text", async (_what, text, secret) => {
    const shown = JSON.stringify(await recorded({ text, list: [text] }));
    expect(shown).not.toContain(secret);
    expect(shown).toContain("[redacted]");
  });

  it("cuts what is long, deep or wide, and never keeps a secret for it", async () => {
    const wide = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`k${n}`, n]));
    const deep = Array.from({ length: 30 }).reduce<unknown>((inner) => ({ inner }), "end");
    const shown = await recorded({
      text: "é".repeat(1000),
      list: Array.from({ length: 80 }, (_, n) => n),
      wide,
      deep,
    });
    expect(shown).toMatchObject({
      text: `${"é".repeat(200)}… (1000 characters)`,
      list: expect.arrayContaining([49, "… (80 items)"]),
      wide: { k0: 0, "…": "80 keys" },
    });
    expect(JSON.stringify(shown)).not.toContain("end");
    const many = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => "x".repeat(190)));
    expect(await recorded({ many })).toBe("[cut]");
  });

  it("keeps no planted secret, wherever it is planted", async () => {
    const path = `${await scratch()}/audit.jsonl`;
    const log = await auditLog({ to: path });
    const secret = "hunter2hunter2";
    const key = fc.constantFrom("token", "apiKey", "PASSWORD", "client_secret", "x-api-key", "authorization");
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc
          .tuple(key, fc.constantFrom(secret, { inner: secret }, [secret]))
          .map(([name, value]) => ({ [name]: value })),
        fc.dictionary(fc.string({ maxLength: 5 }), tie("node"), { maxKeys: 3 }),
        fc.array(tie("node"), { maxLength: 3 }),
      ),
    })).node;
    const record = {
      kind: "tool",
      name: "t",
      caller: "c",
      startedAt: 0,
      durationMs: 0,
      outcome: "ok",
    } as const;
    fc.assert(
      fc.property(tree, (args) => log.observer.called?.({ ...record, args })),
      { numRuns: 300 },
    );
    await log.close();
    const text = await readFile(path, "utf8");
    expect(text.split("\n")).toHaveLength(301);
    expect(text).not.toContain(secret);
  });
});

describe("[ACC-14] the file of an audit log", () => {
  const record = { kind: "tool", caller: "c", startedAt: 0, durationMs: 0, outcome: "ok" } as const;

  it("never has torn lines, with several processes writing at once", { timeout: 60_000 }, async () => {
    const path = `${await scratch()}/audit.jsonl`;
    const script = `
      import { auditLog } from ${JSON.stringify(import.meta.resolve("../src/index.ts"))};
      const log = await auditLog({ to: process.argv[1] });
      for (let n = 0; n < 400; n += 1) {
        const args = { text: "x".repeat(n % 200), list: Array(40).fill("é".repeat(n % 150)) };
        log.observer.called({ kind: "tool", caller: process.argv[2], name: String(n), startedAt: 0, durationMs: 0, outcome: "ok", args });
        if (n % 50 === 0) await new Promise((go) => setTimeout(go, 1));
      }
      await log.close();
    `;
    const argv = [
      "--conditions=@parley/source",
      "--import",
      import.meta.resolve("tsx"),
      "--input-type=module",
      "-e",
      script,
    ];
    await Promise.all(
      ["a", "b", "c"].map((name) => promisify(execFile)(process.execPath, [...argv, path, name])),
    );
    const lines = await linesOf(path);
    expect(lines).toHaveLength(1200);
    for (const caller of ["a", "b", "c"]) {
      expect(lines.filter((line) => line["caller"] === caller).map(({ name }) => Number(name))).toEqual(
        Array.from({ length: 400 }, (_, n) => n),
      );
    }
  });

  it("is opened anew under its name, and what was there is kept", async () => {
    const path = `${await scratch()}/audit.jsonl`;
    await writeFile(path, "");
    const log = await auditLog({ to: path });
    const write = (name: string) => log.observer.called?.({ ...record, name, args: {} });
    write("before");
    await expect.poll(() => linesOf(path)).toHaveLength(1);
    await rename(path, `${path}.1`);
    write("still the old file");
    await expect.poll(() => linesOf(`${path}.1`)).toHaveLength(2);
    log.reopen();
    write("after");
    await log.close();
    write("too late");
    log.reopen();
    await log.close();
    expect((await linesOf(path)).map(({ name }) => name)).toEqual(["after"]);
    expect(await linesOf(`${path}.1`)).toHaveLength(2);
  });

  it("loses nothing when it is opened anew and closed while it writes", async () => {
    const path = `${await scratch()}/audit.jsonl`;
    const log = await auditLog({ to: path });
    for (let n = 0; n < 500; n += 1) {
      log.observer.called?.({ ...record, name: String(n), args: { text: "x".repeat(150) } });
      if (n % 100 === 50) log.reopen();
    }
    await log.close();
    expect((await linesOf(path)).map(({ name }) => Number(name))).toEqual(
      Array.from({ length: 500 }, (_, n) => n),
    );
  });

  it("cannot be a directory or stand in none", async () => {
    const directory = await scratch();
    await expect(auditLog({ to: directory })).rejects.toMatchObject({ code: "E_CONFIG_INVALID" });
    await expect(auditLog({ to: `${directory}/none/audit` })).rejects.toThrow(/cannot be opened \(ENOENT\)/);
  });

  it("on a full disk holds up no call, and the operator hears once", async () => {
    const notices: string[] = [];
    const log = await auditLog({ to: "/dev/full", notice: (text) => notices.push(text) });
    const server = testServer({ observers: [log.observer] });
    for (let n = 0; n < 20; n += 1) {
      const answer = await inject(
        server,
        modernRequest("tools/call", { name: "echo", arguments: { message: "x" } }),
      );
      expect(answer.statusCode).toBe(200);
      await sleep(1);
    }
    expect(notices).toEqual(["Audit log /dev/full: records are not written (ENOSPC); calls go on."]);
    await log.close();
  });
});
