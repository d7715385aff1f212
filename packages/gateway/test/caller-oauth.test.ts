import { createCallerTokens } from "@parley/gateway/oauth";
import { createMcpClient } from "@parley/mcp-client";
import { expect, onTestFinished, test } from "vitest";
import { startIssuer } from "../../server/test/issuer.ts";
import { entry, parse, start, text, tool, upstream } from "./_gateway.ts";

const audience = "https://gateway.test/mcp";

async function guarded() {
  const [a, b] = [await upstream(), await upstream()];
  for (const peer of [a, b]) for (const name of ["get", "set"]) peer.registry.addTool(tool(name, text(name)));
  const servers = [entry("a", { type: "http", url: a.url }), entry("b", { type: "http", url: b.url })];
  const issuer = await startIssuer();
  const { oauth } = parse({
    mcpServers: { a: { url: a.url } },
    oauth: {
      issuer: issuer.issuer,
      audience,
      scopes: { "tools:a": { servers: ["a"] }, "tools:read": { tools: ["*.get"] }, "tools:all": {} },
    },
  });
  const keys = [{ name: "laptop", key: "k-1", servers: [], tools: [] }];
  const started = await start({ servers, keys, oauth }, { callerTokens: oauth && createCallerTokens(oauth) });
  const bearer = async (scope: string, claims = {}) => ({
    authorization: `Bearer ${await issuer.token({ aud: audience, scope, ...claims })}`,
  });
  return { ...started, issuer, bearer };
}

test("[GTW-80] a token opens what its scopes say, over REST, in documents and over MCP", async () => {
  const { post, get, bearer, url, gateway } = await guarded();
  const statuses = async (scope: string) => {
    const headers = await bearer(scope);
    const calls = ["/a/get", "/a/set", "/b/get"].map(async (path) => (await post(path, {}, headers)).status);
    return [
      await Promise.all(calls),
      (await get("/openapi.json", headers)).keys("paths").filter((path) => !path.startsWith("/-/")),
    ];
  };
  expect(await statuses("tools:a")).toEqual([
    [200, 200, 404],
    ["/a/get", "/a/set"],
  ]);
  expect(await statuses("tools:read openid")).toEqual([
    [200, 404, 200],
    ["/a/get", "/b/get"],
  ]);
  expect(await statuses("tools:read tools:a")).toEqual([
    [200, 200, 200],
    ["/a/get", "/a/set", "/b/get"],
  ]);
  expect((await statuses("tools:all"))[0]).toEqual([200, 200, 200]);
  expect(await statuses("openid")).toEqual([[404, 404, 404], []]);
  for (const era of ["modern", "legacy"] as const) {
    for (const [scope, names] of [
      ["tools:a", ["a_get", "a_set"]],
      ["tools:read", ["a_get", "b_get"]],
      ["openid", []],
    ] as const) {
      const { authorization } = await bearer(scope);
      const client = createMcpClient({ url: `${url}/mcp`, token: authorization.slice(7), era });
      onTestFinished(() => client.close());
      expect([scope, (await client.listTools()).map(({ name }) => name)]).toEqual([scope, names]);
    }
  }
  const { authorization } = await bearer("tools:a");
  const other = createMcpClient({ url: `${url}/servers/b/mcp`, token: authorization.slice(7) });
  onTestFinished(() => other.close());
  await expect(other.listTools()).rejects.toThrow(/404/);
  expect((await post("/b/set", {}, { authorization: "Bearer k-1" })).status).toBe(200);
  expect(gateway.servers.length).toBe(2);
});

test("[GTW-80] two tokens of one person see what each says", async () => {
  const { post, bearer } = await guarded();
  const [wide, narrow] = [await bearer("tools:all"), await bearer("tools:a")];
  const both = await Promise.all([
    post("/b/get", {}, wide),
    post("/b/get", {}, narrow),
    post("/b/get", {}, wide),
  ]);
  expect(both.map(({ status }) => status)).toEqual([200, 404, 200]);
});

test("[GTW-80] without a good token: 401, and where to get one", async () => {
  const { post, get, bearer } = await guarded();
  const missing = await post("/a/get", {});
  expect(missing.status).toBe(401);
  expect(missing.headers.get("www-authenticate")).toContain(
    'resource_metadata="https://gateway.test/.well-known/oauth-protected-resource/mcp"',
  );
  expect(missing.headers.get("www-authenticate")).toContain('scope="tools:a"');
  const metadata = await get("/.well-known/oauth-protected-resource");
  expect(metadata.json).toMatchObject({
    resource: audience,
    authorization_servers: [expect.stringContaining("http://127.0.0.1")],
    scopes_supported: ["tools:a", "tools:read", "tools:all"],
  });
  expect((await post("/a/get", {}, await bearer("tools:all", { aud: "https://other.test" }))).status).toBe(
    401,
  );
  expect((await post("/a/get", {}, await bearer("tools:all", { exp: 1 }))).status).toBe(401);
  const refused = await post("/mcp", {}, await bearer("tools:all", { iss: "https://evil.test" }));
  expect(refused.status).toBe(401);
});

test("[GTW-80] an issuer over plain http elsewhere is refused with the file", async () => {
  const oauth = { issuer: "http://issuer.test", audience: [audience], scopes: {} };
  expect(() => createCallerTokens(oauth)).toThrow(/must be https/);
  await expect(start({ servers: [], oauth })).rejects.toThrow(/pass callerTokens/);
});
