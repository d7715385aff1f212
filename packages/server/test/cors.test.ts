import { staticToken } from "@parley/server";
import { describe, expect, it } from "vitest";
import { inject, modernRequest, testServer } from "./support.ts";

const origin = "https://app.example";
const preflight = {
  method: "OPTIONS",
  headers: {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization, content-type, mcp-protocol-version, mcp-method",
  },
} as const;

function locked(corsOrigins?: string[]) {
  const server = testServer({ authenticator: staticToken("s"), corsOrigins, allowedHosts: ["localhost"] });
  server.app.post("/take", async () => "taken");
  return server;
}

describe("[ACC-12] pages of other origins", () => {
  it("get nothing unless they are allowed", async () => {
    for (const server of [locked(), locked(["https://other.example"])]) {
      const asked = await server.app.inject({ ...preflight, url: "/mcp" });
      expect(asked.statusCode).toBe(403);
      expect(asked.headers["access-control-allow-origin"]).toBeUndefined();
    }
    const own = await locked().app.inject({ url: "/health", headers: { origin: "http://localhost:1" } });
    expect(own.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it.each(["/mcp", "/tools/list", "/take", "/nowhere"])(
    "may ask first without a token, for %s",
    async (url) => {
      const answer = await locked([origin]).app.inject({ ...preflight, url });
      expect([answer.statusCode, answer.headers["access-control-allow-origin"]]).toEqual([204, origin]);
      expect(answer.headers["access-control-allow-methods"]).toBe("GET, POST, DELETE");
      expect(answer.headers["access-control-allow-headers"]).toContain("authorization");
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
      expect(answer.headers["vary"]).toMatch(/Origin/);
    },
  );

  it("need a token all the same, and can read the refusal", async () => {
    const server = locked([origin]);
    for (const url of ["/tools/list", "/mcp"]) {
      const refused = await server.app.inject({ url, headers: { origin } });
      expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([401, origin]);
      expect(String(refused.headers["access-control-expose-headers"]).split(", ")).toEqual(
        expect.arrayContaining(["Mcp-Session-Id", "MCP-Protocol-Version", "WWW-Authenticate"]),
      );
      expect(refused.headers["www-authenticate"]).toBe("Bearer");
    }
  });

  it.each([
    ["the thin path", modernRequest("tools/list")],
    ["the SDK", modernRequest("resources/list")],
    [
      "a new session",
      {
        headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
        payload: {
          jsonrpc: "2.0",
          id: 1,
          method: "initialize",
          params: {
            protocolVersion: "2025-11-25",
            capabilities: {},
            clientInfo: { name: "page", version: "1" },
          },
        },
      },
    ],
  ])("can read what MCP answers by %s", async (_what, request) => {
    const headers = { ...request.headers, origin, authorization: "Bearer s" };
    const answer = await inject(locked([origin]), { ...request, headers });
    expect([answer.statusCode, answer.headers["access-control-allow-origin"]]).toEqual([200, origin]);
    expect(answer.headers["access-control-expose-headers"]).toContain("Mcp-Session-Id");
  });

  it("can read the stream of a host of 2024", async () => {
    const server = testServer({ authenticator: staticToken("s"), corsOrigins: [origin], sse: true });
    const { url } = await server.listen();
    const stop = new AbortController();
    const stream = await fetch(`${url}/sse`, {
      headers: { origin, authorization: "Bearer s" },
      signal: stop.signal,
    });
    expect([stream.status, stream.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
    stop.abort();
  });

  it("may all be let in", async () => {
    const server = locked(["*"]);
    const asked = await server.app.inject({ ...preflight, url: "/mcp" });
    expect([asked.statusCode, asked.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    const refused = await server.app.inject({ url: "/tools/list", headers: { origin: "https://any.test" } });
    expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([401, "*"]);
  });
});
