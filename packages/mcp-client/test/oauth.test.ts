import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcpClient } from "@parley/mcp-client";
import {
  createClientCredentials,
  createFileStore,
  createMemoryStore,
  createOAuth,
} from "@parley/mcp-client/oauth";
import type { OAuthOptions } from "@parley/mcp-client/oauth";
import { describe, expect, onTestFinished, test } from "vitest";
import { browse, serveAuthorized } from "./_authorization.ts";
import type { Bends } from "./_authorization.ts";
import { errorOf } from "./_servers.ts";

async function start(bends: Bends = {}, options: Partial<OAuthOptions> = {}) {
  const server = await serveAuthorized(bends);
  const shown: URL[] = [];
  const onAuthorize = async (url: URL): Promise<void> => {
    shown.push(url);
    await browse(url);
  };
  const connect = () => {
    const auth = createOAuth({ url: server.url, onAuthorize, ...options });
    const client = createMcpClient({ url: server.url, auth, timeoutMs: 10_000 });
    onTestFinished(() => client.close());
    return client;
  };
  onTestFinished(() => server.close());
  return { server, shown, connect, client: connect() };
}

describe("[MCL-14] authorization of a person", () => {
  test("registers, shows the url once for many calls, and proves itself", async () => {
    const { server, shown, client } = await start();
    await Promise.all([client.callTool("a"), client.callTool("b"), client.listTools()]);
    expect(shown).toHaveLength(1);
    const query = Object.fromEntries(shown[0]?.searchParams ?? []);
    expect(query).toMatchObject({
      client_id: "registered",
      response_type: "code",
      code_challenge_method: "S256",
      resource: server.url,
      scope: "read",
    });
    expect(query["redirect_uri"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(server.at("/token")).toHaveLength(1);
    expect(server.at("/token")[0]?.form.get("resource")).toBe(server.url);
  });

  test("prefers a client metadata document to a registration, and a given client to both", async () => {
    const clientMetadataUrl = "https://parley.example/client.json";
    const metadata = { client_id_metadata_document_supported: true };
    const document = await start({ metadata }, { clientMetadataUrl });
    await document.client.listTools();
    expect(document.shown[0]?.searchParams.get("client_id")).toBe(clientMetadataUrl);
    const given = await start(
      { metadata },
      { clientMetadataUrl, client: { id: "given", secret: "its-secret" } },
    );
    await given.client.listTools();
    expect(given.shown[0]?.searchParams.get("client_id")).toBe("given");
    expect([...document.server.at("/register"), ...given.server.at("/register")]).toEqual([]);
  });

  test("keeps tokens in its store, renews them when they end, and shows nothing then", async () => {
    let now = 1_000_000;
    const store = createMemoryStore();
    const { server, shown, client, connect } = await start({ lifetime: 600 }, { store, now: () => now });
    await client.listTools();
    await connect().listTools();
    expect(server.at("/token")).toHaveLength(1);
    now += 590_000;
    await client.listTools();
    expect(server.at("/token").map(({ form }) => form.get("grant_type"))).toEqual([
      "authorization_code",
      "refresh_token",
    ]);
    server.revoke();
    await Promise.all([client.listTools(), client.callTool("t")]);
    expect(server.at("/token")).toHaveLength(3);
    expect(shown).toHaveLength(1);
  });

  test("begins anew when a token cannot be renewed", async () => {
    const refuse = { status: 400, body: { error: "invalid_grant" } };
    const { server, shown, client } = await start({
      token: (form) => (form.get("grant_type") === "refresh_token" ? refuse : undefined),
    });
    await client.listTools();
    server.revoke();
    await client.listTools();
    expect(shown).toHaveLength(2);
  });

  test("asks for further scopes beside those it has, and not for ever", async () => {
    const { shown, client } = await start({ scope: "write" });
    await client.listTools();
    await client.callTool("t");
    expect(shown.map((url) => url.searchParams.get("scope"))).toEqual(["read", "read write"]);
    const never = await start({ scope: "write", callback: { code: "code-read" } });
    expect((await errorOf(never.client.callTool("t"))).code).toMatch(/^E_(AUTH|OAUTH)/);
    expect(never.shown.length).toBeLessThan(5);
  });

  test("takes a callback from another machine's browser", async () => {
    const { client } = await start(
      {},
      {
        onAuthorize: async (url) => {
          const response = await fetch(url, { redirect: "manual" });
          return response.headers.get("location") ?? "";
        },
      },
    );
    expect(await client.listTools()).toEqual([]);
  });

  test("does not hold up the calls of a client for a person", async () => {
    const { client } = await start(
      {},
      {
        onAuthorize: async (url) => {
          await new Promise((resolve) => setTimeout(resolve, 600));
          await browse(url);
        },
      },
    );
    expect(await client.listTools({ timeoutMs: 300 })).toEqual([]);
  });
});

describe("[MCL-15] an authorization that goes wrong", () => {
  test.each<[string, Bends, RegExp]>([
    ["another issuer in the metadata", { metadata: { issuer: "https://evil.example" } }, /issuer/],
    ["another issuer in the callback", { callback: { iss: "https://evil.example" } }, /issuer/],
    [
      "no issuer in the callback that promised one",
      { metadata: { authorization_response_iss_parameter_supported: true } },
      /issuer/,
    ],
    ["another resource", { resource: { resource: "https://evil.example/mcp" } }, /resource/],
    ["no PKCE", { metadata: { code_challenge_methods_supported: ["plain"] } }, /protocol/],
    ["a refusal", { callback: { code: "", error: "access_denied" } }, /access_denied/],
    [
      "an error of the token endpoint",
      { token: () => ({ status: 400, body: { error: "server_error", error_description: "access-1" } }) },
      /server_error/,
    ],
    [
      "a private authorization server",
      { resource: { authorization_servers: ["http://169.254.169.254/"] } },
      /may not be asked/,
    ],
    [
      "an http authorization server",
      { resource: { authorization_servers: ["http://auth.example/"] } },
      /may not be asked/,
    ],
    [
      "a private token endpoint",
      { metadata: { token_endpoint: "https://10.0.0.1/token" } },
      /may not be asked/,
    ],
    ["endless metadata", { metadata: { x: "x".repeat(2 ** 21) } }, /bytes/],
  ])("by %s is refused, and nothing is said that a server wrote", async (_what, bends, words) => {
    const { client } = await start(bends, { authorizeTimeoutMs: 2000 });
    const error = await errorOf(client.listTools());
    expect(error.code).toBe("E_OAUTH_FAILED");
    expect(error.message).toMatch(words);
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/evil|access-\d|code-/);
  });

  test("by a person who does not answer ends in time", async () => {
    const { client } = await start({}, { onAuthorize() {}, authorizeTimeoutMs: 200 });
    expect((await errorOf(client.listTools())).message).toContain("Nobody granted access");
  });

  test("by a callback of somebody else does not end the wait", async () => {
    const { client } = await start(
      {},
      {
        onAuthorize: async (url) => {
          const back = url.searchParams.get("redirect_uri") ?? "";
          expect((await fetch(`${back}?code=stolen&state=guessed`)).status).toBe(400);
          expect((await fetch(new URL("/other", back))).status).toBe(404);
          await browse(url);
        },
      },
    );
    expect(await client.listTools()).toEqual([]);
  });
});

describe("[MCL-16] authorization of a program", () => {
  test("uses its secret, and again when its token is worth nothing", async () => {
    const server = await serveAuthorized();
    const credential = { secret: "program-secret" };
    const auth = createClientCredentials({ url: server.url, clientId: "program", credential, scope: "read" });
    const client = createMcpClient({ url: server.url, auth });
    onTestFinished(async () => {
      await client.close();
      await server.close();
    });
    await Promise.all([client.listTools(), client.callTool("t")]);
    server.revoke();
    await client.listTools();
    const asked = server.at("/token");
    expect(asked.map(({ form }) => form.get("grant_type"))).toEqual([
      "client_credentials",
      "client_credentials",
    ]);
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from("program:program-secret").toString("base64")}`);
  });

  test("signs with its key", async () => {
    const server = await serveAuthorized();
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const credential = { privateKey: pem, algorithm: "ES256" };
    const auth = createClientCredentials({ url: server.url, clientId: "program", credential });
    const client = createMcpClient({ url: server.url, auth });
    onTestFinished(async () => {
      await client.close();
      await server.close();
    });
    await client.listTools();
    const [asked] = server.at("/token");
    expect(asked?.form.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    expect(asked?.form.get("client_assertion")?.split(".")).toHaveLength(3);
  });

  test("does not give its credential to another authorization server", async () => {
    const server = await serveAuthorized();
    const credential = { secret: "program-secret" };
    const issuer = "https://auth.example";
    const auth = createClientCredentials({ url: server.url, clientId: "program", credential, issuer });
    const client = createMcpClient({ url: server.url, auth });
    onTestFinished(async () => {
      await client.close();
      await server.close();
    });
    expect((await errorOf(client.listTools())).code).toBe("E_OAUTH_FAILED");
    expect(server.at("/token")).toEqual([]);
  });
});

describe("[MCL-17] a token file", () => {
  test("is only for its owner, whole at any time, and read by the next process", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-tokens-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "deep", "tokens.json");
    const { server, shown, client, connect } = await start({}, { store: createFileStore(path) });
    await client.listTools();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "deep"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, "deep"))).toEqual(["tokens.json"]);
    expect(await readFile(path, "utf8")).toContain("access-1");
    await connect().listTools();
    expect(shown).toHaveLength(1);
    expect(server.at("/token")).toHaveLength(1);
  });

  test("keeps what many write at once, and says what is wrong with it without showing it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-tokens-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "tokens.json");
    const store = createFileStore(path);
    const record = { clients: {}, tokens: {} };
    const keys = Array.from({ length: 20 }, (_none, index) => `https://s${index}/`);
    await Promise.all(keys.map((key) => store.write(key, record)));
    expect(await Promise.all(keys.map((key) => store.read(key)))).toEqual(keys.map(() => record));
    expect(await store.read("constructor")).toBeUndefined();
    await writeFile(path, '{"secret-token');
    const error = await errorOf(store.read("https://s0/"));
    expect(error.code).toBe("E_DATABASE_CORRUPT");
    expect(error.message).not.toContain("secret-token");
  });
});
