import { createHmac } from "node:crypto";
import { anonymous, firstOf, staticToken, tokenFile, tokenStore } from "@parley/server";
import { oauthResource, type OAuthResourceOptions } from "@parley/server/oauth";
import { fakeClock } from "@parley/testing";
import { exportSPKI } from "jose";
import { describe, expect, it, vi } from "vitest";
import { makeKey, startIssuer } from "./issuer.ts";
import { inject, modernRequest, scratch, testServer } from "./support.ts";

type Issuer = Awaited<ReturnType<typeof startIssuer>>;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const seconds = () => Math.floor(Date.now() / 1000);

function serverFor({ issuer }: Pick<Issuer, "issuer">, options: Partial<OAuthResourceOptions> = {}) {
  const { authenticator, protectedResource } = oauthResource({
    issuer,
    audience: "https://hub.test/mcp",
    ...options,
  });
  return testServer({ authenticator, protectedResource });
}

async function who(server: ReturnType<typeof testServer>, token: string) {
  const request = modernRequest("tools/call", { name: "who", arguments: {} });
  const answer = await inject(server, { ...request, headers: { ...request.headers, ...bearer(token) } });
  return answer.statusCode === 200
    ? answer.json().result.structuredContent
    : {
        status: answer.statusCode,
        error: answer.json().error.data,
        challenge: answer.headers["www-authenticate"],
        wait: answer.headers["retry-after"],
      };
}

describe("[ACC-04] access tokens", () => {
  it("tell callers by their subject, with the scopes of ours among theirs", async () => {
    const issuer = await startIssuer();
    const server = serverFor(issuer);
    const token = await issuer.token({ scope: "openid read dispatch" });
    expect(await who(server, token)).toMatchObject({ caller: "oauth:ada", scopes: ["dispatch", "read"] });
  });

  it.each([
    [
      "an audience among several",
      { aud: ["https://other.test", "https://hub.test/mcp"], scope: "read" },
      ["read"],
    ],
    ["scp as a text", { scope: undefined, scp: "read negotiate" }, ["negotiate", "read"]],
    ["scp as a list", { scope: undefined, scp: ["read", 5, "admin"] }, ["admin", "read"]],
    ["a clock that is a little off", { nbf: seconds() + 10, scope: "read" }, ["read"]],
  ])("are taken with %s", async (_what, claims, scopes) => {
    const issuer = await startIssuer();
    expect(await who(serverFor(issuer), await issuer.token(claims))).toMatchObject({ scopes });
  });

  it.each(["at+jwt", "application/at+jwt", "JWT", "AT+JWT"])("are taken with typ %s", async (typ) => {
    const issuer = await startIssuer();
    const token = await issuer.token({ scope: "read" }, { typ });
    expect(await who(serverFor(issuer), token)).toMatchObject({ caller: "oauth:ada" });
  });

  it("carry scopes in a nested claim and under a prefix, when told so", async () => {
    const issuer = await startIssuer();
    const nested = serverFor(issuer, { scopesClaim: "realm_access.roles", scopePrefix: "parley:" });
    const token = await issuer.token({
      realm_access: { roles: ["parley:read", "admin"] },
      scope: "parley:admin",
    });
    expect(await who(nested, token)).toMatchObject({ scopes: ["read"] });
    const named = serverFor(issuer, { scopesClaim: "https://parley.test/roles" });
    const second = await issuer.token({ "https://parley.test/roles": ["read"] });
    expect(await who(named, second)).toMatchObject({ scopes: ["read"] });
  });

  it.each([
    ["another audience", { aud: "https://other.test/mcp" }, /another server \(aud\)/],
    ["no audience", { aud: undefined }, /another server \(aud\)/],
    ["another issuer", { iss: "https://evil.test" }, /another issuer \(iss\)/],
    ["a time that has passed", { exp: seconds() - 60 }, /has expired/],
    ["no end", { exp: undefined }, /claim "exp"/],
    ["a beginning still to come", { nbf: seconds() + 120 }, /not valid yet/],
    ["no subject", { sub: undefined }, /claim "sub"/],
    ["an empty subject", { sub: "" }, /subject/],
    ["a subject that would spoof a log", { sub: "ada\u001B[2J" }, /subject/],
    ["a key it is bound to", { cnf: { jkt: "x" } }, /bound to a key/],
  ])("are refused with %s", async (_what, claims, message) => {
    const issuer = await startIssuer();
    const refused = await who(serverFor(issuer), await issuer.token({ scope: "read", ...claims }));
    expect(refused).toMatchObject({
      status: 401,
      error: { code: "E_AUTH_REQUIRED", message: expect.stringMatching(message) },
      challenge: expect.stringContaining('error="invalid_token"'),
    });
  });

  it("are refused when they are no access tokens, or signed by somebody else", async () => {
    const issuer = await startIssuer();
    const server = serverFor(issuer);
    expect(await who(server, await issuer.token({}, { typ: "logout+jwt" }))).toMatchObject({ status: 401 });
    const stranger = await makeKey("first");
    expect(await who(server, await issuer.token({}, { key: stranger }))).toMatchObject({
      status: 401,
      error: { message: expect.stringMatching(/signature/) },
    });
    const token = await issuer.token({ scope: "read" });
    const [head = "", , signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(token), scope: "admin" })).toString("base64url");
    expect(await who(server, `${head}.${forged}.${signature}`)).toMatchObject({ status: 401 });
  });

  it("are refused without a signature, or with one made from the public key", async () => {
    const issuer = await startIssuer();
    issuer.published.unshift(await makeKey("rsa", "RS256"));
    const server = serverFor(issuer);
    const genuine = await issuer.token({ scope: "admin" });
    expect(await who(server, genuine)).toMatchObject({ caller: "oauth:ada" });
    const body = genuine.split(".")[1] ?? "";
    const encode = (header: object) => Buffer.from(JSON.stringify(header)).toString("base64url");
    const none = `${encode({ alg: "none", typ: "at+jwt" })}.${body}.`;
    expect(await who(server, none)).toMatchObject({ status: 401 });
    const [key] = issuer.published;
    const signed = `${encode({ alg: "HS256", typ: "at+jwt", kid: "rsa" })}.${body}`;
    const secret = key === undefined ? "" : await exportSPKI(key.publicKey);
    const hmac = createHmac("sha256", secret).update(signed).digest("base64url");
    expect(await who(server, `${signed}.${hmac}`)).toMatchObject({ status: 401 });
  });

  it.each(["", "x", "a.b.c", "eyJ.e30.", `eyJ${"a".repeat(20_000)}.e30.e30`, "parley_0_0"])(
    "are not looked for in %.20j",
    async (token) => {
      const issuer = await startIssuer();
      const { authenticator } = oauthResource({ issuer: issuer.issuer, audience: "x" });
      expect(await authenticator({ token, headers: {} })).toBeUndefined();
      expect(issuer.asked).toEqual([]);
    },
  );

  it("end with their time though they were verified before, and are verified once", async () => {
    const issuer = await startIssuer();
    const clock = fakeClock(Date.now());
    const { authenticator } = oauthResource({
      issuer: issuer.issuer,
      audience: "https://hub.test/mcp",
      clock,
    });
    const token = await issuer.token({ exp: seconds() + 100 });
    const first = await authenticator({ token, headers: {} });
    expect(await authenticator({ token, headers: {} })).toBe(first);
    clock.advance(101_000);
    expect(await authenticator({ token, headers: {} })).not.toBe(first);
    clock.advance(60_000);
    await expect(async () => authenticator({ token, headers: {} })).rejects.toThrow(/has expired/);
  });
});

function claimsOf(token: string): object {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}

describe("[ACC-05] the issuer's keys", () => {
  it.each([
    ["", "/.well-known/oauth-authorization-server"],
    ["", "/.well-known/openid-configuration"],
    ["/tenant", "/.well-known/oauth-authorization-server/tenant"],
    ["/tenant", "/tenant/.well-known/openid-configuration"],
  ])("of %j are found through %s", async (path, only) => {
    const issuer = await startIssuer(path);
    issuer.behaviour.only = only;
    expect(await who(serverFor(issuer), await issuer.token())).toMatchObject({ caller: "oauth:ada" });
    expect(issuer.asked).toContain(only);
  });

  it("are fetched once for many callers, and from where --oauth-jwks says", async () => {
    const issuer = await startIssuer();
    const server = serverFor(issuer, { jwksUrl: `${issuer.origin}/jwks` });
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => issuer.token({ sub: `u${index}` })),
    );
    const answers = await Promise.all(tokens.map((token) => who(server, token)));
    expect(answers.map(({ caller }) => caller)).toEqual(tokens.map((_, index) => `oauth:u${index}`));
    expect(issuer.asked).toEqual(["/jwks"]);
  });

  it("may be changed; an unknown one leads to one request in a while", async () => {
    const issuer = await startIssuer();
    const server = serverFor(issuer, { keysCooldownMs: 30_000 });
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      expect(await who(server, await issuer.token())).toMatchObject({ caller: "oauth:ada" });
      const next = await makeKey("second");
      const token = await issuer.token({ sub: "bob" }, { key: next });
      expect(await who(server, token)).toMatchObject({
        status: 401,
        error: { message: expect.stringMatching(/no such key/) },
      });
      issuer.published[0] = next;
      expect(await who(server, token)).toMatchObject({ status: 401 });
      expect(issuer.asked.filter((url) => url === "/jwks")).toHaveLength(1);
      vi.setSystemTime(Date.now() + 31_000);
      expect(await who(server, token)).toMatchObject({ caller: "oauth:bob" });
      expect(issuer.asked.filter((url) => url === "/jwks")).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(["hang", "fail", "huge", "html"] as const)(
    "that %s mean 503, and a while of quiet",
    async (keys) => {
      const issuer = await startIssuer();
      issuer.behaviour.keys = keys;
      const clock = fakeClock(Date.now());
      const server = serverFor(issuer, { timeoutMs: 300, clock });
      const token = await issuer.token({ scope: "read" });
      const refused = await who(server, token);
      expect(refused).toMatchObject({ status: 503, error: { code: "E_AUTH_UNAVAILABLE", retryable: true } });
      expect(refused.error.message).toBe(
        `Access tokens cannot be checked now: the keys of ${issuer.issuer} cannot be fetched.`,
      );
      const asked = issuer.asked.length;
      expect(await who(server, token)).toMatchObject({ status: 503 });
      expect(issuer.asked).toHaveLength(asked);
      issuer.behaviour.keys = undefined;
      clock.advance(5001);
      expect(await who(server, token)).toMatchObject({ caller: "oauth:ada" });
    },
  );

  it("can be fetched ahead of the first caller", async () => {
    const issuer = await startIssuer();
    const oauth = oauthResource({ issuer: issuer.issuer, audience: "https://hub.test/mcp" });
    await oauth.warm();
    const token = await issuer.token();
    await issuer.stop();
    expect(await oauth.authenticator({ token, headers: {} })).toMatchObject({ name: "oauth:ada" });
    const late = oauthResource({ issuer: issuer.issuer, audience: "https://hub.test/mcp" });
    await expect(late.warm()).rejects.toMatchObject({ code: "E_AUTH_UNAVAILABLE" });
  });

  it("stay in use while the issuer is away", async () => {
    const issuer = await startIssuer();
    const server = serverFor(issuer, { keysCooldownMs: 0 });
    expect(await who(server, await issuer.token())).toMatchObject({ caller: "oauth:ada" });
    const [key] = issuer.published;
    await issuer.stop();
    const unknown = await issuer.token({}, { key: await makeKey("unknown") });
    expect(await who(server, unknown)).toMatchObject({ status: 503 });
    expect(await who(server, await issuer.token({ sub: "bob" }, { key }))).toMatchObject({
      caller: "oauth:bob",
    });
  });

  it.each([
    ["of another issuer", { issuer: "https://evil.test", jwks_uri: "https://evil.test/jwks" }],
    ["with keys sent in the clear", { jwks_uri: "http://keys.test/jwks" }],
    ["without keys", {}],
  ])("are not taken from metadata %s", async (_what, metadata) => {
    const issuer = await startIssuer();
    issuer.behaviour.metadata = { issuer: issuer.issuer, ...metadata };
    expect(await who(serverFor(issuer), await issuer.token())).toMatchObject({ status: 503 });
    expect(issuer.asked).not.toContain("/jwks");
  });

  it.each(["http://login.example.org", "ftp://127.0.0.1", "login.example.org"])(
    "are not asked of %s",
    (issuer) => {
      expect(() => oauthResource({ issuer, audience: "x" })).toThrow(/must be https/);
      expect(() => oauthResource({ issuer: "https://ok.test", audience: "x", jwksUrl: issuer })).toThrow(
        /must be https/,
      );
    },
  );
});

describe("[ACC-06] what a client without a token learns", () => {
  const published = oauthResource({ issuer: "https://login.test", audience: "api", scopePrefix: "p:" });
  const open = () => testServer({ ...published, authenticator: published.authenticator });

  it("is public, at both well-known paths", async () => {
    for (const url of [
      "/.well-known/oauth-protected-resource",
      "/.well-known/oauth-protected-resource/mcp",
    ]) {
      const answer = await open().app.inject({ url, headers: { host: "localhost:8000" } });
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        {
          resource: "http://localhost:8000/mcp",
          resource_name: "test",
          authorization_servers: ["https://login.test"],
          scopes_supported: ["p:read", "p:negotiate", "p:dispatch", "p:admin"],
          bearer_methods_supported: ["header"],
        },
      ]);
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
    expect((await testServer().app.inject("/.well-known/oauth-protected-resource")).statusCode).toBe(404);
  });

  it("names the public address where the audience is one", async () => {
    const { protectedResource } = oauthResource({
      issuer: "https://login.test",
      audience: ["api", "https://hub.test/x/mcp"],
    });
    const server = testServer({ protectedResource, authenticator: () => undefined });
    const document = await server.app.inject("/.well-known/oauth-protected-resource/mcp");
    expect(document.json().resource).toBe("https://hub.test/x/mcp");
    const refused = await server.app.inject("/tools/list");
    expect(refused.headers["www-authenticate"]).toBe(
      'Bearer scope="read", resource_metadata="https://hub.test/.well-known/oauth-protected-resource/x/mcp"',
    );
  });

  it("names the public address of a server behind a proxy", async () => {
    const server = testServer({
      ...published,
      authenticator: () => undefined,
      baseUrl: "https://hub.test/p",
    });
    for (const path of ["", "/mcp", "/p/mcp"]) {
      const document = await server.app.inject(`/.well-known/oauth-protected-resource${path}`);
      expect([path, document.json().resource]).toEqual([path, "https://hub.test/p/mcp"]);
    }
    const refused = await server.app.inject("/tools/list");
    expect(refused.headers["www-authenticate"]).toContain(
      'resource_metadata="https://hub.test/.well-known/oauth-protected-resource/p/mcp"',
    );
  });

  it("is in the challenge of a 401, over MCP and REST alike", async () => {
    const metadata = 'resource_metadata="http://localhost:80/.well-known/oauth-protected-resource/mcp"';
    const request = modernRequest("tools/list");
    const mcp = await inject(open(), { ...request, headers: { ...request.headers, host: "localhost:80" } });
    const rest = await open().app.inject({ url: "/tools/list", headers: { host: "localhost:80" } });
    for (const answer of [mcp, rest]) {
      expect([answer.statusCode, answer.headers["www-authenticate"]]).toEqual([
        401,
        `Bearer scope="p:read", ${metadata}`,
      ]);
    }
    const wrong = await open().app.inject({
      url: "/tools/list",
      headers: { ...bearer("x"), host: "localhost:80" },
    });
    expect(wrong.headers["www-authenticate"]).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", scope=/,
    );
  });

  it("is in the challenge of a 403 for want of a scope", async () => {
    const server = testServer({
      protectedResource: published.protectedResource,
      authenticator: anonymous(new Set(["read"])),
    });
    const answer = await inject(server, modernRequest("tools/call", { name: "dispatches", arguments: {} }));
    expect([answer.statusCode, answer.headers["www-authenticate"]]).toEqual([
      403,
      expect.stringMatching(
        /^Bearer error="insufficient_scope", scope="p:dispatch", resource_metadata="http/,
      ),
    ]);
  });
});

it("[ACC-07] a fixed token, a token file and an issuer work side by side, one out of order or not", async () => {
  const issuer = await startIssuer();
  const path = `${await scratch()}/tokens.json`;
  const { token: filed } = await tokenStore(path).add({ name: "ci", scopes: ["read"] });
  const oauth = oauthResource({ issuer: issuer.issuer, audience: "https://hub.test/mcp" });
  const server = testServer({
    authenticator: firstOf(oauth.authenticator, staticToken("eyJ.fixed.x"), await tokenFile(path)),
  });
  const signed = await issuer.token();
  await issuer.stop();
  expect(await who(server, "eyJ.fixed.x")).toMatchObject({ caller: "token" });
  expect(await who(server, filed)).toMatchObject({ caller: "ci", scopes: ["read"] });
  expect(await who(server, signed)).toMatchObject({ status: 503 });
  expect(await who(server, "nonsense")).toMatchObject({ status: 401 });
});
