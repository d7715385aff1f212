import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, onTestFinished, test } from "vitest";
import { entry, parse, start, text, tool, upstream } from "./_gateway.ts";

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function three() {
  const named = ["time", "files", "lab.one"] as const;
  return await Promise.all(
    named.map(async (name) => {
      const { registry, url } = await upstream();
      for (const own of ["get", "set", "mcp"]) registry.addTool(tool(own, text(`${name} ${own}`)));
      const more = name === "time" ? { tools: { get: { name: "now", description: "The time." } } } : {};
      return entry(name, { type: "http", url, ...more });
    }),
  );
}

const groups = [
  { name: "science", servers: ["time"], tools: ["files.g*"], description: "For the lab." },
  { name: "dotted", servers: [], tools: ["lab.one.get"] },
];
const plain = { servers: [], tools: [] };
const keys = [
  { name: "all", key: "k-all", ...plain },
  { name: "lab", key: "k-lab", ...plain, groups: ["science"] },
  { name: "both", key: "k-both", servers: ["files", "lab.*"], tools: [], groups: ["science", "dotted"] },
];

async function names(url: string, token?: string) {
  const client = createMcpClient({ url, ...(token === undefined ? {} : { token }) });
  onTestFinished(() => client.close());
  return (await client.listTools()).map(({ name }) => name);
}

test("[GTW-55] a group has a document, a page, routes and an MCP endpoint of its own", async () => {
  const { get, post, url } = await start({ servers: await three(), groups });
  const document = await get("/science/openapi.json");
  const { valid, errors } = await new Validator().validate(Object(document.json));
  expect([valid, errors]).toEqual([true, undefined]);
  expect(document.keys("paths")).toEqual([
    "/time/mcp",
    "/time/now",
    "/time/set",
    "/files/get",
    "/-/calls/{call}",
  ]);
  expect(document.at("info")).toMatchObject({
    title: "science",
    description: expect.stringContaining("For the lab."),
  });
  expect(document.at("servers")).toEqual([{ url: "/science" }]);
  expect(document.at("paths", "/time/now", "post")).toMatchObject({
    operationId: "time_now",
    description: "The time.",
  });
  expect((await get("/science/docs")).status).toBe(200);
  expect((await post("/science/time/now", {})).json).toBe("time get");
  expect((await post("/science/files/get", {})).json).toBe("files get");
  for (const path of ["/science/files/set", "/science/lab.one/get", "/none/time/now", "/science/time/get"]) {
    expect([path, (await post(path, {})).status]).toEqual([path, 404]);
  }
  expect((await get("/science/time/resources")).status).toBe(200);
  expect((await get("/science/files/resources")).status).toBe(403);
  expect(await names(`${url}/science/mcp`)).toEqual(["files_get", "time_mcp", "time_now", "time_set"]);
  expect(await names(`${url}/dotted/mcp`)).toEqual(["lab.one_get"]);
  // A tool may be called as a group's endpoint is.
  expect((await post("/files/mcp", {})).json).toBe("files mcp");
  expect((await get("/files/mcp")).status).toBe(404);
});

test("[GTW-56] a key of certain groups has what is in them, and no other group", async () => {
  const { get, post, url } = await start({ servers: await three(), groups, keys });
  const paths = async (path: string, key: string) =>
    (await get(path, bearer(key))).keys("paths").slice(0, -1);
  expect(await paths("/openapi.json", "k-lab")).toEqual([
    "/time/mcp",
    "/time/now",
    "/time/set",
    "/files/get",
  ]);
  expect(await paths("/openapi.json", "k-both")).toEqual(["/files/get", "/lab.one/get"]);
  expect(await paths("/science/openapi.json", "k-both")).toEqual(["/files/get"]);
  expect((await get("/dotted/openapi.json", bearer("k-lab"))).status).toBe(404);
  expect((await post("/dotted/lab.one/get", {}, bearer("k-lab"))).status).toBe(404);
  expect((await post("/dotted/lab.one/get", {}, bearer("k-both"))).json).toBe("lab.one get");
  expect((await post("/files/set", {}, bearer("k-lab"))).status).toBe(404);
  expect((await post("/science/files/get", {})).status).toBe(401);
  expect(await names(`${url}/science/mcp`, "k-both")).toEqual(["files_get"]);
  expect(await names(`${url}/mcp`, "k-lab")).toEqual(["files_get", "time_mcp", "time_now", "time_set"]);
  await expect(names(`${url}/dotted/mcp`, "k-lab")).rejects.toThrow(ParleyError);
  await expect(names(`${url}/science/mcp`, "wrong")).rejects.toMatchObject({ code: "E_AUTH_REQUIRED" });
});

test("[GTW-55] a reload brings other groups", async () => {
  const servers = await three();
  const { get, gateway } = await start({ servers, groups });
  const [first] = groups;
  await gateway.reload({
    servers,
    keys: [],
    groups: first === undefined ? [] : [{ ...first, name: "other" }],
  });
  expect((await get("/science/openapi.json")).status).toBe(404);
  expect((await get("/other/openapi.json")).keys("paths")).toContain("/time/now");
});

const server = { command: "x" };
const faults: readonly (readonly [string, string])[] = [
  ['"groups": {"time": ["time"]}', "groups.time: a server has this name"],
  ['"groups": {"docs": ["time"]}', "groups.docs: this is an address of the gateway itself"],
  ['"groups": {"-a": ["time"]}', "groups.-a: a name is"],
  ['"groups": {"a": ["tine"]}', 'groups.a.0: no server is called "tine"'],
  ['"groups": {"a": {"tools": ["tine.get"]}}', 'groups.a.tools.0: "tine.get" begins with no'],
  ['"groups": {"a": {"tools": ["time"]}}', 'groups.a.tools.0: "time" begins with no'],
  ['"groups": {"a": {}}', "groups.a: name at least one server or tool"],
  ['"groups": {"a": 3}', "groups.a: write a list of servers"],
  ['"groups": {"a": ["*"]}', "groups.a: a server called prompts cannot be in a group"],
  [
    '"groups": {}, "keys": {"k": {"key": "x", "groups": ["a"]}}',
    'keys.k.groups.0: there is no group called "a"',
  ],
];

test.each(faults)("[GTW-57] %s is refused with its place", (line, message) => {
  const file = `{"mcpServers": ${JSON.stringify({ time: server, prompts: server })},\n  ${line}}`;
  expect(() => parse(file)).toThrow(new RegExp(`^config\\.json:2:\\d+: ${message.replaceAll(".", "\\.")}`));
});

test("[GTW-57] groups are read as lists of servers or with their tools", () => {
  const { groups: read, keys: known } = parse({
    mcpServers: { time: server, files: server },
    groups: { a: ["time", "f*"], b: { tools: ["*.get"], description: "B" } },
    keys: { k: { key: "x", groups: ["a"] } },
  });
  expect(read).toEqual([
    { name: "a", servers: ["time", "f*"], tools: [] },
    { name: "b", servers: [], tools: ["*.get"], description: "B" },
  ]);
  expect(known[0]?.groups).toEqual(["a"]);
});
