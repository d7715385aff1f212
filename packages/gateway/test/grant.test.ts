import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serveAuthorized } from "../../mcp-client/test/_authorization.ts";
import type { Bends } from "../../mcp-client/test/_authorization.ts";
import { entry, parse, start, until } from "./_gateway.ts";

async function guarded(oauth: Readonly<Record<string, unknown>>, bends: Bends = {}) {
  const server = await serveAuthorized(bends);
  onTestFinished(() => server.close());
  const tokenDirectory = await mkdtemp(join(tmpdir(), "parley-grant-"));
  onTestFinished(() => rm(tokenDirectory, { recursive: true, force: true }));
  return { server, tokenDirectory, servers: [entry("guarded", { type: "http", url: server.url, oauth })] };
}

test("[GTW-81] the address a browser elsewhere was sent back to is enough, and the flow has PKCE", async () => {
  const { server, tokenDirectory, servers } = await guarded({ callback_port: 0 });
  const shown: URL[] = [];
  const onAuthorize = async (_name: string, url: URL): Promise<string> => {
    shown.push(url);
    // What a browser on another machine shows in its address bar: nothing listens there.
    const back = await fetch(url, { redirect: "manual" });
    return back.headers.get("location") ?? "";
  };
  await start({ servers }, { tokenDirectory, onAuthorize });
  expect(server.at("/mcp").map(({ authorization }) => authorization)).toContain("Bearer access-1");
  expect(shown[0]?.searchParams.get("code_challenge_method")).toBe("S256");
  expect(server.at("/token")[0]?.form.get("code_verifier")).toMatch(/^[\w.~-]{43,128}$/);
  const file = join(tokenDirectory, "guarded.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).toContain("access-1");
});

test("[GTW-81] an address of another request is refused", async () => {
  const { tokenDirectory, servers } = await guarded({ callback_port: 0 });
  const onAuthorize = async (): Promise<string> => "http://127.0.0.1:1/callback?code=stolen&state=other";
  const { gateway } = await start({ servers }, { tokenDirectory, onAuthorize });
  await until(() => expect(gateway.servers[0]?.reason).toMatch(/came back for another request/));
});

test("[GTW-164] a gateway that waits for consent takes what another process is granted", async () => {
  const { server, tokenDirectory, servers } = await guarded({ callback_port: 0 });
  const shown: URL[] = [];
  const waiting = (_name: string, url: URL): void => void shown.push(url);
  const { gateway } = await start({ servers }, { tokenDirectory, onAuthorize: waiting, isSettled: false });
  await until(() => expect(shown).toHaveLength(1));
  // As mcpo authorize does, on this machine and in another process.
  const onAuthorize = async (_name: string, url: URL): Promise<string> =>
    (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  const other = await start({ servers }, { tokenDirectory, onAuthorize });
  await other.gateway.close();
  await gateway.settled;
  expect(server.at("/mcp").at(-1)?.authorization).toBe("Bearer access-1");
  expect([shown.length, server.at("/token").length]).toEqual([1, 1]);
});

test("[GTW-81] with a credential of its own nobody is asked", async () => {
  const oauth = {
    grant: "client_credentials",
    client_id: "gw",
    client_secret: "s3cret-of-gw",
    storage_type: "memory",
  };
  const { server, servers } = await guarded(oauth);
  await start({ servers }, { onAuthorize: () => expect.unreachable() });
  expect(server.at("/mcp").map(({ authorization }) => authorization)).toContain("Bearer access-1");
  expect(server.at("/token")[0]?.form.get("grant_type")).toBe("client_credentials");
  expect(() =>
    parse({ mcpServers: { a: { url: server.url, oauth: { grant: "client_credentials" } } } }),
  ).toThrow(/oauth\.grant: client_credentials needs client_id and client_secret/);
});

test("[GTW-79] an authorization server is asked over https alone, unless it is on this machine with its server", async () => {
  const { servers } = await guarded(
    { callback_port: 0 },
    { resource: { authorization_servers: ["http://auth.example.test"] } },
  );
  const { gateway } = await start({ servers }, { onAuthorize: () => expect.unreachable() });
  expect(gateway.servers[0]?.reason).toMatch(/may not be asked for authorization: only https/);
  const meta = await guarded(
    { callback_port: 0 },
    { resource: { authorization_servers: ["https://169.254.169.254"] } },
  );
  const other = await start({ servers: meta.servers }, { onAuthorize: () => expect.unreachable() });
  expect(other.gateway.servers[0]?.reason).toMatch(/may not be asked for authorization/);
});
