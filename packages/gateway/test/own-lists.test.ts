import { createServer as createHttpServer } from "node:http";
import { once } from "node:events";
import { createMcpClient } from "@parley/mcp-client";
import { createServer } from "@parley/server";
import type { ParleyServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { describe, expect, onTestFinished, test } from "vitest";
import { entry, start, text, tool, until } from "./_gateway.ts";

/** A server that shows each bearer token a list of its own, and strangers nothing at all. */
async function choosy(names: Readonly<Record<string, string>>) {
  const servers = new Map<string, { readonly registry: Registry; readonly app: ParleyServer["app"] }>(
    await Promise.all(
      Object.entries(names).map(async ([token, name]) => {
        const registry = createRegistry();
        registry.addTool(tool("common", text(`common for ${name}`)));
        registry.addTool(tool(`only_${name}`, text(name)));
        registry.addPrompt({ name: `for_${name}`, get: async () => ({ messages: [] }) });
        registry.addResource({
          name,
          uri: `own://${name}`,
          read: async (uri) => [{ uri, text: `secret of ${name}` }],
        });
        const server = createServer({
          name: "choosy",
          version: "1",
          registry,
          openApi: false,
          closeGraceMs: 50,
        });
        await server.app.ready();
        onTestFinished(() => server.close());
        return [`Bearer ${token}`, { registry, app: server.app }] as const;
      }),
    ),
  );
  const front = createHttpServer((request, response) => {
    const found = servers.get(request.headers.authorization ?? "");
    if (found === undefined) response.writeHead(401).end();
    else found.app.routing(request, response);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  onTestFinished(() => {
    front.closeAllConnections();
    front.close();
  });
  const address = front.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const raw = { type: "http", url: `http://127.0.0.1:${address.port}/mcp` };
  return {
    server: entry("up", { ...raw, headers: { authorization: "Bearer t-own" } }),
    bare: entry("up", raw),
    registryOf: (token: string) => servers.get(`Bearer ${token}`)?.registry,
  };
}

const people = { "t-ada": "ada", "t-bob": "bob", "t-own": "own" };
const plain = { servers: [], tools: [] };
const key = (name: string, token?: string) => ({
  name,
  key: `k-${name}`,
  ...plain,
  ...(token === undefined ? {} : { credentials: { up: { authorization: `Bearer ${token}` } } }),
});
const keys = [key("ada", "t-ada"), key("bob", "t-bob"), key("eve")];
const sees = { ada: "ada", bob: "bob", eve: "own" } as const;
const bearer = (name: string) => ({ authorization: `Bearer k-${name}` });

describe("[GTW-168] callers with credentials of their own", () => {
  test.each(["legacy", "modern"] as const)(
    "are shown over MCP what the server shows them, and no other's list: %s",
    async (era) => {
      const { server, registryOf } = await choosy(people);
      const { url } = await start({ servers: [server], keys });
      for (const [name, who] of Object.entries(sees)) {
        for (const at of [`${url}/mcp`, `${url}/servers/up/mcp`]) {
          const client = createMcpClient({ url: at, token: `k-${name}`, era });
          onTestFinished(() => client.close());
          const own = at.includes("/servers/") ? "" : "up_";
          const names = async () => (await client.listTools()).map((each) => each.name);
          expect(await names()).toEqual([`${own}common`, `${own}only_${who}`]);
          expect((await client.listPrompts()).map((each) => each.name)).toEqual([`${own}for_${who}`]);
          expect(await client.readResource(`own://${who}`)).toMatchObject({
            contents: [{ text: `secret of ${who}` }],
          });
          expect(await client.callTool(`${own}common`)).toMatchObject(text(`common for ${who}`));
          const other = who === "ada" ? "bob" : "ada";
          await expect(client.callTool(`${own}only_${other}`)).rejects.toMatchObject({
            code: "E_MCP_PROTOCOL",
          });
          await expect(client.readResource(`own://${other}`)).rejects.toMatchObject({
            code: "E_MCP_PROTOCOL",
          });
        }
      }
      registryOf("t-ada")?.addTool(tool("late", text("late")));
      const names = async (name: string) => {
        const client = createMcpClient({ url: `${url}/mcp`, token: `k-${name}`, era });
        onTestFinished(() => client.close());
        return (await client.listTools()).map((each) => each.name);
      };
      await until(async () => expect(await names("ada")).toContain("up_late"));
      expect(await names("bob")).not.toContain("up_late");
      expect(await names("eve")).not.toContain("up_late");
    },
  );

  test("are shown over REST what the server shows them, in documents and in calls", async () => {
    const { server } = await choosy(people);
    const { get, post } = await start({ servers: [server], keys });
    for (const [name, who] of Object.entries(sees)) {
      const others = Object.values(sees).filter((other) => other !== who);
      const documents = await Promise.all(
        ["/openapi.json", "/up/openapi.json", "/openai/tools.json", "/up/prompts", "/up/resources"].map(
          (path) => get(path, bearer(name)),
        ),
      );
      for (const { text: shown } of documents) {
        expect(shown).toContain(who);
        for (const other of others)
          expect(shown).not.toMatch(new RegExp(`(only|for)_${other}|own://${other}`));
      }
      expect((await post(`/up/only_${who}`, {}, bearer(name))).json).toBe(who);
      for (const other of others) {
        expect((await post(`/up/only_${other}`, {}, bearer(name))).status).toBe(404);
      }
      expect((await get("/servers", bearer(name))).at("servers", 0)).toMatchObject({
        state: "ready",
        tools: 2,
      });
    }
  });

  test("have a server that lets in nobody else, and lose it with their credentials", async () => {
    const { bare } = await choosy(people);
    const { get, gateway } = await start({ servers: [bare], keys });
    const shown = async (name: string) => (await get("/up/openapi.json", bearer(name))).keys("paths");
    expect(await shown("ada")).toContain("/only_ada");
    expect(await shown("eve")).not.toContain("/common");
    expect((await get("/servers", bearer("eve"))).at("servers", 0, "state")).toBe("unreachable");
    expect((await get("/servers", bearer("ada"))).at("servers", 0, "state")).toBe("ready");
    await gateway.reload({ servers: [bare], keys: [key("ada", "t-bob"), key("bob"), key("eve")] });
    await until(async () => expect(await shown("ada")).toContain("/only_bob"));
    expect(await shown("ada")).not.toContain("/only_ada");
    expect(await shown("bob")).not.toContain("/only_bob");
  });
});
