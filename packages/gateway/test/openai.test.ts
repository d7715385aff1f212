import { expect, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

const long = "a_very_long_name_of_a_tool_that_goes_on_and_on_until_nobody_re";

async function started() {
  const [a, b] = [await upstream(), await upstream()];
  const inputSchema = { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] };
  a.registry.addTool(tool("get", ({ zone }) => text(`time ${String(zone)}`), { inputSchema }));
  a.registry.addTool(tool("get.time", text("dotted")));
  a.registry.addTool(tool(long, text("long"), { description: "x".repeat(3000) }));
  a.registry.addTool(tool(`${long}_2`, text("long 2")));
  b.registry.addTool(tool("get_time", text('{"b": 1}')));
  b.registry.addTool(tool("fail", { content: [{ type: "text", text: "no" }], isError: true }));
  const servers = [entry("a", { type: "http", url: a.url }), entry("b.c", { type: "http", url: b.url })];
  return await start({ servers, groups: [{ name: "g", servers: [], tools: ["a.get", "b.c.*"] }] });
}

const nameOf = (one: unknown): string => String(Object(Object(one).function).name);

test("[GTW-58] every tool is listed by a name that functions may have, and called by it", async () => {
  const { get, post } = await started();
  const list: unknown = (await get("/openai/tools.json")).json;
  const tools = Array.isArray(list) ? list : [];
  const names = tools.map(nameOf);
  expect(names).toHaveLength(6);
  expect(new Set(names).size).toBe(6);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(tools.find((one) => nameOf(one) === "a_get")).toEqual({
    type: "function",
    function: {
      name: "a_get",
      description: "get",
      parameters: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] },
    },
  });
  const answers = await Promise.all(
    names.map(async (name) => (await post("/openai/call", { name, arguments: '{"zone": "UTC"}' })).text),
  );
  const [failed, ...others] = answers.toSorted((left, right) => right.length - left.length);
  expect(failed).toContain("E_TOOL_FAILED");
  expect(others).toHaveLength(5);
  expect(others).toEqual(
    expect.arrayContaining(['"dotted"', '"long 2"', '"long"', '"time UTC"', '{"b": 1}']),
  );
  expect((await post("/openai/call", { name: "nope" })).status).toBe(404);
});

test("[GTW-58] a server has its own names, a group what is in it, and responses their form", async () => {
  const { get, post } = await started();
  const own = await get("/a/openai/tools.json?form=responses");
  expect(own.at(0)).toMatchObject({
    type: "function",
    name: expect.any(String),
    parameters: { type: "object" },
  });
  expect((await post("/a/openai/call", { name: "get", arguments: { zone: "x" } })).json).toBe("time x");
  expect((await post("/a/openai/call", { name: "a_get", arguments: {} })).status).toBe(404);
  const group: unknown = (await get("/g/openai/tools.json")).json;
  expect(Array.isArray(group) ? group.map(nameOf).map((name) => name.slice(0, 6)) : []).toEqual([
    "a_get",
    "b_c_fa",
    "b_c_ge",
  ]);
  expect((await post("/g/openai/call", { name: "a_get", arguments: { zone: "y" } })).json).toBe("time y");
  expect((await get("/none/openai/tools.json")).status).toBe(404);
});

test("[GTW-58] a model's own call comes back as the message that answers it", async () => {
  const { post } = await started();
  const chat = { id: "call_1", type: "function", function: { name: "a_get", arguments: '{"zone":"UTC"}' } };
  expect((await post("/openai/call", chat)).json).toEqual({
    role: "tool",
    tool_call_id: "call_1",
    content: "time UTC",
  });
  const responses = { type: "function_call", call_id: "c", name: "a_get", arguments: '{"zone":"UTC"}' };
  expect((await post("/openai/call", responses)).json).toEqual({
    type: "function_call_output",
    call_id: "c",
    output: "time UTC",
  });
  for (const body of [[], {}, { name: "a_get", arguments: "[" }, { name: "a_get", arguments: [1] }]) {
    expect([body, (await post("/openai/call", body)).status]).toEqual([body, 422]);
  }
});

test("[GTW-58] a server called openai keeps its tools", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("call", text("its own")));
  const { post } = await start({
    servers: [entry("openai", { type: "http", url })],
    groups: [{ name: "g", servers: ["openai"], tools: [] }],
  });
  expect((await post("/openai/call", {})).json).toBe("its own");
  expect((await post("/g/openai/call", {})).json).toBe("its own");
  expect((await post("/openai/openai/call", { name: "call" })).json).toBe("its own");
});
