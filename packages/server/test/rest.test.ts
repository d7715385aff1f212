import { ParleyError } from "@parley/core";
import { staticToken, anonymous, firstOf, requireScope, bearerToken } from "@parley/server";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inject, modernRequest, testServer } from "./support.ts";

const refused = [403, "E_HOST_REFUSED"];

async function status(headers: Record<string, string>, allowedHosts?: string[]) {
  const answer = await testServer({ allowedHosts }).app.inject({ url: "/health", headers });
  return answer.statusCode === 200 ? 200 : [answer.statusCode, answer.json().error.code];
}

const jsonHeaders = { "content-type": "application/json", accept: "application/json, text/event-stream" };

describe("routes", () => {
  it("answers /health with the seed's fields and ours", async () => {
    const server = testServer({ health: () => ({ mode: "worker", tools: 3 }) });
    expect((await server.app.inject("/health")).json()).toMatchObject({
      status: 200,
      message: "OK",
      version: "1.2.3",
      mode: "worker",
      tools: 3,
    });
  });

  it("lists whole items", async () => {
    const server = testServer();
    server.registry.addPrompt({ name: "p", arguments: [{ name: "x" }], get: async () => ({ messages: [] }) });
    server.registry.addResource({ name: "r", uri: "a://r", mimeType: "text/plain", read: async () => [] });
    server.registry.addResource({ name: "t", uriTemplate: "a://{x}", read: async () => [] });
    const { tools } = (await server.app.inject("/tools/list")).json();
    const odd = tools.find((tool: { name: string }) => tool.name === "odd");
    expect(odd).toMatchObject({
      title: expect.any(String),
      annotations: { readOnlyHint: true },
      outputSchema: {},
    });
    expect((await server.app.inject("/prompts/list")).json()).toEqual({
      prompts: [{ name: "p", arguments: [{ name: "x" }] }],
    });
    expect((await server.app.inject("/resources/list")).json().resources).toEqual([
      { name: "r", uri: "a://r", mimeType: "text/plain" },
      { name: "t", uriTemplate: "a://{x}" },
    ]);
  });

  it("documents its own routes and those others add", async () => {
    const server = testServer();
    void server.app.register(async (scope) => {
      scope.withTypeProvider<ZodTypeProvider>().post(
        "/satisfy",
        {
          schema: {
            body: z.object({ request: z.string() }),
            response: { 200: z.object({ ok: z.boolean() }) },
          },
        },
        async () => ({ ok: true }),
      );
    });
    const document = (await server.app.inject("/openapi.json")).json();
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "test", version: "1.2.3" } });
    expect(Object.keys(document.paths).toSorted()).toEqual([
      "/health",
      "/healthz",
      "/prompts/list",
      "/readyz",
      "/resources/list",
      "/satisfy",
      "/tools/list",
    ]);
    const body = document.paths["/satisfy"].post.requestBody.content["application/json"].schema;
    expect(body).toMatchObject({ properties: { request: { type: "string" } } });
    const bad = await server.app.inject({ method: "POST", url: "/satisfy", payload: { request: 1 } });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({
      error: { code: "E_ARGUMENT_INVALID", retryable: false, details: { issues: [{ path: "request" }] } },
    });
    expect(bad.json().detail).toBe(bad.json().error.message);
  });
});

describe("REST errors", () => {
  it("answers unknown routes and every kind of fault as JSON", async () => {
    const server = testServer();
    server.app.get("/away", async () => {
      throw new ParleyError("E_WORKER_OFFLINE", "worker 7 is away");
    });
    server.app.get("/bug", async () => {
      throw new Error("secret detail");
    });
    const missing = await server.app.inject("/nowhere");
    expect([missing.statusCode, missing.json().error.code]).toEqual([404, "E_ROUTE_UNKNOWN"]);
    const away = await server.app.inject("/away");
    expect([away.statusCode, away.json()]).toEqual([
      503,
      {
        error: { code: "E_WORKER_OFFLINE", message: "worker 7 is away", retryable: true },
        detail: "worker 7 is away",
      },
    ]);
    const bug = await server.app.inject("/bug");
    expect([bug.statusCode, bug.json().error.code]).toEqual([500, "E_INTERNAL"]);
    expect(bug.body).not.toContain("secret");
  });
});

describe("MCP transport errors", () => {
  it("[ROB-33] takes a slash after the path, at any path", async () => {
    const at = async (url: string, path?: string) => {
      const server = testServer(path === undefined ? {} : { path });
      return (await server.app.inject({ method: "PUT", url, payload: {}, headers: jsonHeaders })).statusCode;
    };
    expect([await at("/mcp/"), await at("/mcp/?a=/"), await at("/own/", "/own")]).toEqual([405, 405, 405]);
    expect([await at("/mcp//"), await at("/own/")]).toEqual([404, 404]);
  });

  it.each([
    ["malformed JSON", { payload: "{", headers: jsonHeaders }, 400, -32700],
    ["an empty body", { payload: "", headers: jsonHeaders }, 400, -32700],
    [
      "another content type",
      { payload: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      -32000,
    ],
    ["a body too big", { payload: `"${"x".repeat(2000)}"`, headers: jsonHeaders }, 413, -32000],
    ["no message", { payload: "5", headers: jsonHeaders }, 400, -32600],
    ["prototype poisoning", { payload: '{"__proto__": {"x": 1}}', headers: jsonHeaders }, 400, -32700],
  ])("refuses %s", async (_what, request, status, code) => {
    const server = testServer({ bodyLimitBytes: 1000 });
    const answer = await server.app.inject({ method: "POST", url: "/mcp", ...request });
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    expect(answer.json()).toMatchObject({ jsonrpc: "2.0", id: null });
  });

  it("[ROB-33] answers a client that takes anything, and tells one that takes one kind only what to send", async () => {
    const server = testServer();
    const clientInfo = { name: "curl", version: "1" };
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
    const ask = async (accept: string | undefined, method = "tools/list") => {
      const payload = { jsonrpc: "2.0", id: 1, method, ...(method === "initialize" ? { params } : {}) };
      const headers = { "content-type": "application/json", ...(accept === undefined ? {} : { accept }) };
      const answer = await server.app.inject({ method: "POST", url: "/mcp", payload, headers });
      return answer.statusCode === 406 ? answer.json().error.message : answer.statusCode;
    };
    expect([await ask(undefined), await ask("*/*"), await ask("text/html, */*;q=0.8")]).toEqual([
      200, 200, 200,
    ]);
    expect([await ask(undefined, "initialize"), await ask("*/*", "initialize")]).toEqual([200, 200]);
    const send = expect.stringContaining('send the header "Accept: application/json, text/event-stream"');
    for (const narrow of ["text/html", "application/json", "text/event-stream"]) {
      expect([await ask(narrow), await ask(narrow, "initialize")]).toEqual([send, send]);
    }
    const modern = modernRequest("tools/list");
    const headers = { ...modern.headers, accept: "application/json" };
    expect((await inject(server, { ...modern, headers })).statusCode).toBe(200);
  });

  it("refuses unknown methods of both eras and of HTTP", async () => {
    const server = testServer();
    const modern = await inject(server, modernRequest("tools/eat"));
    expect([modern.statusCode, modern.json().error.code]).toEqual([404, -32601]);
    const put = await server.app.inject({ method: "PUT", url: "/mcp", payload: {}, headers: jsonHeaders });
    expect(put.statusCode).toBe(405);
    expect((await server.app.inject({ method: "GET", url: "/mcp" })).statusCode).toBe(405);
    const gone = await server.app.inject({
      method: "DELETE",
      url: "/mcp",
      headers: { "mcp-session-id": "none" },
    });
    expect([gone.statusCode, gone.json().error.code]).toEqual([404, -32001]);
  });
});

describe("authentication", () => {
  const reader = staticToken("read-token", { name: "reader", scopes: new Set(["read"]) });
  const locked = () => {
    const server = testServer({ authenticator: firstOf(staticToken("secret"), reader) });
    void server.app.register(async (scope) => {
      scope.post(
        "/negotiate",
        { preHandler: requireScope("negotiate") },
        async (request) => request.caller.name,
      );
      scope.post("/register", { config: { public: true } }, async (request) => [...request.caller.scopes]);
    });
    return server;
  };

  it.each(["/tools/list", "/openapi.json", "/nowhere"])("guards GET %s", async (url) => {
    const server = locked();
    const none = await server.app.inject(url);
    expect([none.statusCode, none.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
    expect(none.json()).toMatchObject({ error: { code: "E_AUTH_REQUIRED" }, detail: expect.any(String) });
    const wrong = await server.app.inject({ url, headers: { authorization: "Bearer secreT" } });
    expect(wrong.statusCode).toBe(401);
    expect(wrong.body).not.toContain("secreT");
    const right = await server.app.inject({ url, headers: { authorization: "Bearer secret" } });
    expect(right.statusCode).not.toBe(401);
  });

  it("guards MCP with the same policy and a JSON-RPC body", async () => {
    const server = locked();
    const request = modernRequest("tools/call", { name: "who", arguments: {} });
    const none = await inject(server, request);
    expect([none.statusCode, none.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
    expect(none.json()).toMatchObject({ jsonrpc: "2.0", error: { data: { code: "E_AUTH_REQUIRED" } } });
    for (const authorization of ["Bearer secret", "bearer secret", "secret", "Bearer: secret"]) {
      const headers = { ...request.headers, authorization };
      const known = (await inject(server, { ...request, headers })).json();
      expect(known.result.structuredContent).toMatchObject({ caller: "token" });
    }
  });

  it("leaves /health and public routes open, without scopes", async () => {
    const server = locked();
    expect((await server.app.inject("/health")).statusCode).toBe(200);
    expect((await server.app.inject({ method: "POST", url: "/register" })).json()).toEqual([]);
  });

  it("forbids what a credential's scopes do not cover, over REST and MCP", async () => {
    const server = locked();
    const authorization = "Bearer read-token";
    const rest = await server.app.inject({ method: "POST", url: "/negotiate", headers: { authorization } });
    expect([rest.statusCode, rest.json().error.code]).toEqual([403, "E_AUTH_FORBIDDEN"]);
    expect(rest.headers["www-authenticate"]).toBe('Bearer error="insufficient_scope", scope="negotiate"');
    const call = modernRequest("tools/call", { name: "dispatches", arguments: {} });
    const mcp = await inject(server, { ...call, headers: { ...call.headers, authorization } });
    expect([mcp.statusCode, mcp.json().error.data.code]).toEqual([403, "E_AUTH_FORBIDDEN"]);
    const full: Record<string, string> = { authorization: "Bearer secret" };
    const allowed = await server.app.inject({ method: "POST", url: "/negotiate", headers: full });
    expect(allowed.body).toBe("token");
    expect(
      (await inject(server, { ...call, headers: { ...call.headers, ...full } })).json().result,
    ).toBeDefined();
  });

  it("forbids inside a 2025-era batch with an error per call", async () => {
    const server = locked();
    const payload = [
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "dispatches", arguments: {} } },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "echo", arguments: { message: "x" } } },
    ];
    const headers = { ...jsonHeaders, authorization: "Bearer read-token" };
    const answer = await server.app.inject({ method: "POST", url: "/mcp", payload, headers });
    expect(answer.body).toContain("E_AUTH_FORBIDDEN");
    expect(answer.body).toContain('"text":"x"');
  });

  it("knows credentials by what they are", async () => {
    const headers = {};
    expect(await staticToken("a")({ token: "b", headers })).toBeUndefined();
    expect(await staticToken("a")({ headers })).toBeUndefined();
    expect(() => staticToken(" ")).toThrow(/empty/);
    expect(await firstOf()({ headers })).toBeUndefined();
    expect(await firstOf(staticToken("a"), anonymous(new Set(["read"])))({ headers })).toMatchObject({
      name: "anonymous",
    });
    expect(bearerToken("Basic abc")).toBeUndefined();
    expect(bearerToken("Bearer ")).toBe("Bearer");
    expect(bearerToken(undefined)).toBeUndefined();
  });
});

describe("the Host and Origin guard", () => {
  it.each(["localhost:1", "LOCALHOST", "127.0.0.1:8000", "127.9.9.9", "[::1]:80", "0.0.0.0:8000"])(
    "lets Host %s pass",
    async (host) => {
      expect(await status({ host })).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "a@localhost",
    " ",
    "localhost:80:80",
  ])("refuses Host %j", async (host) => {
    expect(await status({ host })).toEqual(refused);
  });

  it("refuses strange origins and names the flag", async () => {
    const host = "localhost";
    expect(await status({ host, origin: "http://localhost:5173" })).toBe(200);
    expect(await status({ host, origin: "https://evil.example" })).toEqual(refused);
    expect(await status({ host, origin: "null" })).toEqual(refused);
    const answer = await testServer().app.inject({ url: "/mcp", headers: { host: "evil.example" } });
    expect(answer.json().error.message).toContain("--allowed-hosts");
  });

  it("lets allowed names pass", async () => {
    expect(await status({ host: "hub.example:443" }, ["hub.example"])).toBe(200);
    expect(await status({ host: "other.example" }, ["hub.example"])).toEqual(refused);
    expect(await status({ host: "any.example", origin: "https://any.example" }, ["*"])).toBe(200);
  });

  it("takes any Host when bound to every address, but no foreign Origin", async () => {
    const server = testServer();
    await server.listen({ host: "0.0.0.0" });
    const get = async (headers: Record<string, string>) =>
      (await server.app.inject({ url: "/health", headers })).statusCode;
    expect(await get({ host: "node7.cluster:80" })).toBe(200);
    expect(await get({ host: "node7.cluster:80", origin: "http://node7.cluster:80" })).toBe(200);
    expect(await get({ host: "node7.cluster", origin: "https://evil.example" })).toBe(403);
  });
});
