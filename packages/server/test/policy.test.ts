import { firstOf, staticToken, tokenFile, tokenStore } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { oauthResource } from "@parley/server/oauth";
import { describe, expect, it } from "vitest";
import { startIssuer } from "./issuer.ts";
import { scratch, testServer } from "./support.ts";

const accept = "application/json, text/event-stream";
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("[ACC-15] one policy for MCP and every other route", () => {
  it("asks each route for a credential, but for those listed as public", async () => {
    const { authenticator, protectedResource } = oauthResource({
      issuer: "https://login.test",
      audience: "x",
    });
    const server = testServer({
      authenticator: firstOf(authenticator, staticToken("s")),
      protectedResource,
      corsOrigins: ["https://a.test"],
      sse: true,
      metrics: createMetrics(),
    });
    const routes: { method: string; url: string }[] = [];
    server.app.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
    server.app.get("/added/directly", async () => "x");
    void server.app.register(async (scope) => {
      scope.get("/added/inside", async () => "x");
      void scope.register(async (deeper) => deeper.post("/added/deeper", async () => "x"));
    });
    await server.app.ready();
    expect(routes.length).toBeGreaterThan(15);
    const open: string[] = [];
    for (const { method, url } of routes.filter((route) => route.method !== "OPTIONS")) {
      const answer = await server.app.inject({ method: method as "GET", url: url.replace("*", "x") });
      if (answer.statusCode !== 401) open.push(`${method} ${url}`);
      else expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    }
    expect(open.toSorted()).toEqual([
      "GET /.well-known/oauth-protected-resource",
      "GET /.well-known/oauth-protected-resource/mcp",
      "GET /health",
      "GET /healthz",
      "GET /readyz",
      "HEAD /.well-known/oauth-protected-resource",
      "HEAD /.well-known/oauth-protected-resource/mcp",
      "HEAD /health",
      "HEAD /healthz",
      "HEAD /readyz",
    ]);
    for (const url of ["/mcp", "/tools/list", "/added/directly", "/added/inside"]) {
      const answer = await server.app.inject({ url, headers: bearer("s") });
      expect([url, answer.statusCode]).not.toEqual([url, 401]);
    }
  });

  it("asks before it reads: a stranger's body is not parsed, and no route is told from none", async () => {
    const server = testServer({ authenticator: staticToken("s") });
    const broken = { payload: "{", headers: { "content-type": "application/json" } };
    for (const url of ["/mcp", "/nowhere"]) {
      expect((await server.app.inject({ method: "POST", url, ...broken })).statusCode).toBe(401);
    }
    const known = await server.app.inject({
      method: "POST",
      url: "/mcp",
      ...broken,
      headers: { ...broken.headers, ...bearer("s") },
    });
    expect(known.statusCode).toBe(400);
  });
});

describe("[ACC-16] a session", () => {
  it("belongs to the caller who opened it, whatever the kind of credential", async () => {
    const issuer = await startIssuer();
    const path = `${await scratch()}/tokens.json`;
    const store = tokenStore(path);
    const ada = (await store.add({ name: "ada", scopes: ["read"] })).token;
    const bob = (await store.add({ name: "bob", scopes: ["admin"] })).token;
    const oauth = oauthResource({ issuer: issuer.issuer, audience: "https://hub.test/mcp" });
    const server = testServer({
      authenticator: firstOf(await tokenFile(path), oauth.authenticator, staticToken("fixed")),
    });
    const post = (token: string, payload: object, session: Record<string, string> = {}) =>
      server.app.inject({
        method: "POST",
        url: "/mcp",
        headers: { accept, ...bearer(token), ...session },
        payload,
      });
    const open = async (token: string): Promise<string> => {
      const params = {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      };
      const answer = await post(token, { jsonrpc: "2.0", id: 1, method: "initialize", params });
      return String(answer.headers["mcp-session-id"]);
    };
    const oauthAda = await issuer.token({ sub: "ada", scope: "read" });
    const oauthBob = await issuer.token({ sub: "bob", scope: "admin" });
    const laterAda = await issuer.token({ sub: "ada", scope: "read", jti: "2" });
    const callers = { ada, bob, oauthAda, oauthBob, fixed: "fixed" };
    const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
    for (const [owner, token] of Object.entries(callers)) {
      const session = { "mcp-session-id": await open(token) };
      for (const [other, stranger] of Object.entries(callers)) {
        const answer = await post(stranger, list, session);
        expect([owner, other, answer.statusCode]).toEqual([owner, other, owner === other ? 200 : 404]);
        if (owner !== other) {
          const ended = await server.app.inject({
            method: "DELETE",
            url: "/mcp",
            headers: { ...bearer(stranger), ...session },
          });
          expect(ended.statusCode).toBe(404);
        }
      }
      expect((await post("nobody", list, session)).statusCode).toBe(401);
      if (owner === "oauthAda") expect((await post(laterAda, list, session)).statusCode).toBe(200);
    }
  });

  it("is never opened under an id that a client chose", async () => {
    const server = testServer({ authenticator: staticToken("s") });
    const chosen = { "mcp-session-id": "00000000-0000-4000-8000-000000000000" };
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "c", version: "1" },
    };
    const answer = await server.app.inject({
      method: "POST",
      url: "/mcp",
      headers: { accept, ...bearer("s"), ...chosen },
      payload: { jsonrpc: "2.0", id: 1, method: "initialize", params },
    });
    expect([answer.statusCode, answer.headers["mcp-session-id"]]).toEqual([404, undefined]);
  });
});
