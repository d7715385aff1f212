import { createMcpClient } from "@parley/mcp-client";
import { allScopes, defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, parse, start, text, tool, upstream } from "./_gateway.ts";
import { mirror } from "./_mirror.ts";

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const plain = { servers: [], tools: [] };

const keys = [
  { name: "ada", key: "k-ada", ...plain, credentials: { up: { authorization: "Bearer secret-ada" } } },
  {
    name: "bob",
    key: "k-bob",
    ...plain,
    credentials: { up: { authorization: "Bearer secret-bob", "x-org": "" } },
  },
  { name: "eve", key: "k-eve", ...plain },
];

/** A server whose tools, prompts and resources tell who it takes the caller for. */
async function telling() {
  const found = await upstream({
    authenticator: ({ headers }) => ({
      name: `${headers.authorization ?? "nobody"} of ${String(headers["x-org"] ?? "none")}`,
      scopes: allScopes,
    }),
  });
  const { registry } = found;
  registry.addTool(tool("who", (_args, { caller }) => text(`I see ${String(caller)}`)));
  registry.addTool(
    defineTool({
      name: "ask",
      description: "Asks.",
      input: z.object({}),
      async handler(_args, context) {
        const { action } = await context.elicit({ message: "Well?", schema: z.object({}) });
        return `${action} by ${String(context.caller)}`;
      },
    }),
  );
  registry.addPrompt({
    name: "who",
    get: async (_args, { caller }) => ({
      messages: [{ role: "user", content: { type: "text", text: `prompt for ${String(caller)}` } }],
    }),
  });
  registry.addResource({
    name: "who",
    uri: "who://me",
    read: async (uri, { caller }) => [{ uri, text: `resource for ${String(caller)}` }],
  });
  const raw = {
    type: "http",
    url: found.url,
    headers: { Authorization: "Bearer secret-own", "X-Org": "lab" },
  };
  return entry("up", raw);
}

test("[GTW-63] a key's credentials take the place of the entry's, over REST and MCP", async () => {
  const { post, get, url } = await start({ servers: [await telling()], keys });
  const seen = {
    "k-ada": "Bearer secret-ada of lab",
    "k-bob": "Bearer secret-bob of none",
    "k-eve": "Bearer secret-own of lab",
  };
  for (const [key, who] of Object.entries(seen)) {
    expect((await post("/up/who", {}, bearer(key))).json).toBe(`I see ${who}`);
    expect((await get("/up/resources?uri=who://me", bearer(key))).text).toBe(`resource for ${who}`);
    expect((await post("/up/prompts/who", {}, bearer(key))).text).toContain(`prompt for ${who}`);
    const asked = await post("/up/ask", {}, bearer(key));
    const answered = await post(String(asked.at("href")), { action: "decline" }, bearer(key));
    expect(answered.json).toBe(`decline by ${who}`);
    const client = createMcpClient({ url: `${url}/mcp`, token: key });
    onTestFinished(() => client.close());
    expect(await client.callTool("up_who")).toMatchObject({ content: [{ text: `I see ${who}` }] });
    expect(await client.readResource("who://me")).toMatchObject({
      contents: [{ text: `resource for ${who}` }],
    });
  }
});

test("[GTW-63] no two callers with other credentials share a session, however their calls are mixed", async () => {
  const { url, seen } = await mirror();
  const { post } = await start({ servers: [entry("up", { type: "http", url })], keys });
  const order = ["k-ada", "k-bob", "k-eve", "k-bob", "k-ada", "k-eve", "k-ada", "k-bob"];
  await Promise.all(order.map((key) => post("/up/show", {}, bearer(key))));
  const sessions = new Map<string, Set<string>>();
  for (const { session, headers } of seen) {
    const who = String(headers["authorization"]);
    sessions.set(who, (sessions.get(who) ?? new Set()).add(String(session)));
  }
  expect(seen).toHaveLength(order.length);
  expect([...sessions.keys()].toSorted()).toEqual(["Bearer secret-ada", "Bearer secret-bob", "undefined"]);
  const all = [...sessions.values()].flatMap((ids) => [...ids]);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(3);
});

test("[GTW-63] a reload gives other credentials", async () => {
  const server = await telling();
  const { post, gateway } = await start({ servers: [server], keys });
  const [ada] = keys;
  const credentials = { up: { authorization: "Bearer secret-new" } };
  await gateway.reload({ servers: [server], keys: ada === undefined ? [] : [{ ...ada, credentials }] });
  expect((await post("/up/who", {}, bearer("k-ada"))).json).toBe("I see Bearer secret-new of lab");
});

test("[GTW-64] no credential stands in a document, a state or an error", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("fail", { content: [{ type: "text", text: "no" }], isError: true }));
  const lines: string[] = [];
  const { get, post, warnings } = await start(
    {
      servers: [
        entry("up", { type: "http", url }),
        entry("gone", { type: "http", url: "http://127.0.0.1:9/mcp" }),
      ],
      keys: keys.map((key) => ({
        ...key,
        credentials: { up: { "x-a": "secret-a" }, gone: { "x-a": "secret-b" } },
      })),
    },
    { onStatus: (server, status) => lines.push(JSON.stringify([server, status])) },
  );
  const asked = [
    ...["/openapi.json", "/up/openapi.json", "/servers", "/health", "/docs", "/openai/tools.json"].map(
      (path) => get(path, bearer("k-ada")),
    ),
    post("/up/fail", {}, bearer("k-ada")),
    post("/gone/any", {}, bearer("k-ada")),
    post("/up/none", {}, bearer("k-ada")),
  ];
  const said = (await Promise.all(asked)).map((reply) => reply.text).join("\n");
  expect(`${said}${warnings.join()}${lines.join()}`).not.toMatch(/secret|k-ada/);
});

const servers = '"mcpServers": {"up": {"url": "http://h/mcp"}, "run": {"command": "x"}}';
const faults: readonly (readonly [string, string])[] = [
  ['{"uq": {"token": "hush"}}', "keys.k.credentials.uq: there is no server of this name"],
  ['{"run": {"token": "hush"}}', "keys.k.credentials.run: a program over stdio has no headers"],
  ['{"up": {"tokn": "hush"}}', "keys.k.credentials.up.tokn: it means nothing here"],
  ['{"up": {"headers": {"x y": "hush"}}}', "keys.k.credentials.up.headers"],
  ['{"up": {"headers": {"x": "hu\\nsh"}}}', "keys.k.credentials.up.headers.x: write a text without"],
  ['{"up": {"token": ""}}', "keys.k.credentials.up.token: write the token"],
];

test.each(faults)("[GTW-64] %s is refused with its place and without its value", (credentials, message) => {
  const file = `{${servers},\n "keys": {"k": {"key": "x",\n "credentials": ${credentials}}}}`;
  const read = () => parse(file);
  expect(read).toThrow(message);
  expect(read).toThrow(/^config\.json:3:\d+/);
  expect(read).not.toThrow(/hu/);
});

test("[GTW-63] tokens and headers are read, with variables", () => {
  const credentials = { up: { token: "${ADA}", headers: { "X-Org": "lab" } } };
  const file = { mcpServers: { up: { url: "http://h/mcp" } }, keys: { k: { key: "x", credentials } } };
  expect(parse(file, { ADA: "s" }).keys[0]?.credentials).toEqual({
    up: { "x-org": "lab", authorization: "Bearer s" },
  });
});
