import { createMcpClient } from "@parley/mcp-client";
import { ParleyError } from "@parley/core";
import { expect, onTestFinished, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function two() {
  const [a, b] = [await upstream(), await upstream()];
  for (const name of ["get", "set"]) {
    a.registry.addTool(tool(name, text(name)));
    b.registry.addTool(tool(name, text(name)));
  }
  return [entry("a", { type: "http", url: a.url }), entry("b", { type: "http", url: b.url })] as const;
}

test("[GTW-07] without --strict-auth a key guards calls, and documents are open", async () => {
  const keys = [{ name: "main", key: "k-1", servers: [], tools: [] }];
  const { get, post } = await start({ servers: await two(), keys });
  expect((await get("/openapi.json")).status).toBe(200);
  expect((await get("/a/docs")).status).toBe(200);
  const missing = await post("/a/get", {});
  expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([
    401,
    expect.stringContaining("Bearer"),
  ]);
  expect((await post("/a/get", {}, bearer("wrong"))).status).toBe(401);
  expect((await post("/a/get", {}, bearer("k-1"))).json).toBe("get");
  expect((await get("/a/prompts")).status).toBe(401);
  expect((await get("/a/resources")).status).toBe(401);
});

test("[GTW-07] with it, everything but the probes asks, as a token or a password", async () => {
  const keys = [{ name: "main", key: "k-1", servers: [], tools: [] }];
  const { get } = await start({ servers: await two(), keys, strictAuth: true });
  for (const path of ["/openapi.json", "/docs", "/a/docs", "/a/openapi.json", "/servers", "/docs/start.js"]) {
    expect([path, (await get(path)).status]).toEqual([path, 401]);
    expect([path, (await get(path, bearer("k-1"))).status]).toEqual([path, 200]);
  }
  const password = { authorization: `Basic ${Buffer.from("anyone:k-1").toString("base64")}` };
  expect((await get("/docs", password)).status).toBe(200);
  expect((await get("/docs")).headers.get("www-authenticate")).toContain("Basic");
  for (const path of ["/healthz", "/readyz", "/health"]) expect((await get(path)).status).toBe(200);
  expect((await get("/health")).text).not.toContain('"a"');
});

test("[GTW-25] a limited key sees and calls its servers and tools alone, over REST and MCP", async () => {
  const keys = [
    { name: "full", key: "k-full", servers: [], tools: [] },
    { name: "one", key: "k-a", servers: ["a"], tools: [] },
    { name: "reader", key: "k-read", servers: [], tools: ["*.get"] },
  ];
  const { get, post, url } = await start({ servers: await two(), keys });
  const paths = async (key: string) => (await get("/openapi.json", bearer(key))).keys("paths").slice(0, -1);
  expect(await paths("k-a")).toEqual(["/a/get", "/a/set"]);
  expect(await paths("k-read")).toEqual(["/a/get", "/b/get"]);
  expect((await get("/b/openapi.json", bearer("k-a"))).status).toBe(404);
  expect((await post("/b/get", {}, bearer("k-a"))).status).toBe(404);
  expect((await post("/a/set", {}, bearer("k-read"))).status).toBe(404);
  expect((await post("/a/get", {}, bearer("k-read"))).status).toBe(200);
  expect((await get("/a/resources", bearer("k-read"))).status).toBe(403);

  const names = async (path: string, token: string) => {
    const client = createMcpClient({ url: `${url}${path}`, token });
    onTestFinished(() => client.close());
    return (await client.listTools()).map(({ name }) => name);
  };
  expect(await names("/mcp", "k-full")).toEqual(["a_get", "a_set", "b_get", "b_set"]);
  expect(await names("/mcp", "k-read")).toEqual(["a_get", "b_get"]);
  expect(await names("/mcp", "k-a")).toEqual(["a_get", "a_set"]);
  expect(await names("/servers/b/mcp", "k-read")).toEqual(["get"]);
  await expect(names("/mcp", "wrong")).rejects.toMatchObject({ code: "E_AUTH_REQUIRED" });
  await expect(names("/servers/b/mcp", "k-a")).rejects.toThrow(ParleyError);
});

test("[GTW-25] a server's tools are allowed, denied and renamed by its entry", async () => {
  const { registry, url } = await upstream();
  for (const name of ["get_time", "get_zone", "set_time", "wipe"]) registry.addTool(tool(name, text(name)));
  const raw = {
    type: "http",
    url,
    allowTools: ["get_*", "wipe"],
    disabledTools: ["get_zone"],
    tools: {
      get_time: { name: "now", description: "The time." },
      set_time: { enabled: true },
      wipe: { enabled: false },
    },
  };
  const { get, post } = await start({ servers: [entry("up", raw)] });
  const document = await get("/up/openapi.json");
  expect(document.keys("paths")).toEqual(["/now", "/set_time", "/-/calls/{call}"]);
  expect(document.at("paths", "/now", "post", "description")).toBe("The time.");
  expect((await post("/up/now", {})).json).toBe("get_time");
  for (const gone of ["get_time", "get_zone", "wipe"])
    expect((await post(`/up/${gone}`, {})).status).toBe(404);
});

test("keys that are empty or there twice are refused", async () => {
  const key = { name: "a", key: "x", servers: [], tools: [] };
  for (const keys of [[{ ...key, key: " " }], [key, { ...key, name: "b" }], [key, { ...key, key: "y" }]]) {
    await expect(start({ servers: [], keys })).rejects.toMatchObject({ code: "E_CONFIG_INVALID" });
  }
});

test("[GTW-304] a key for tools of a server whose name holds dots sees that server", async () => {
  const up = await upstream();
  for (const name of ["get", "set"]) up.registry.addTool(tool(name, text(name)));
  const servers = ["a.b", "x"].map((name) => entry(name, { type: "http", url: up.url }));
  const keys = ["a.b.get", "*", "x"].map((glob) => ({
    name: glob,
    key: `k ${glob}`,
    servers: [],
    tools: [glob],
  }));
  const { url, get, post } = await start({ servers, keys });
  const client = createMcpClient({ url: `${url}/mcp/`, headers: bearer("k a.b.get") });
  expect((await client.listTools()).map(({ name }) => name)).toEqual(["a.b_get"]);
  await client.close();
  const seen = async (glob: string) => (await get("/servers", bearer(`k ${glob}`))).keys("servers").length;
  expect([await seen("a.b.get"), await seen("*"), await seen("x")]).toEqual([1, 2, 1]);
  const calls = ["a.b/get", "a.b/set", "x/get"].map((path) => post(`/${path}`, {}, bearer("k a.b.get")));
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 404, 404]);
  expect((await post("/x/get", {}, bearer("k x"))).status).toBe(404);
});

test("[GTW-306] what is not there is 404 without a key too, and tools behind --strict-auth are not told", async () => {
  const keys = [{ name: "main", key: "k-1", servers: [], tools: [] }];
  const status = async (strictAuth: boolean) => {
    const { get } = await start({ servers: await two(), keys, strictAuth });
    const paths = ["/.well-known/oauth-authorization-server", "/a/none", "/a/get"];
    return await Promise.all(paths.map(async (path) => (await get(path)).status));
  };
  expect([await status(false), await status(true)]).toEqual([
    [404, 404, 405],
    [404, 404, 404],
  ]);
});
