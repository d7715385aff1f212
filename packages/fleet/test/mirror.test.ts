import { createRegistry, toolContext } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { expect, test } from "vitest";
import { mirror } from "../src/hub/mirror.ts";
import type { RemoteTool } from "@parley/tool-registry";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

const tool = (name: string, more: Partial<RemoteTool> = {}): RemoteTool => ({
  name,
  inputSchema: { type: "object", properties: { [`of ${name}`]: {} } },
  ...more,
});

async function mirrored(
  lists: Readonly<Record<string, readonly RemoteTool[]>>,
  registry: Registry = createRegistry(),
) {
  const { roster } = testFleet((id) => linkTo((name, args) => ({ id, name, args }), lists[id] ?? []));
  const pool = new Map();
  for (const id of Object.keys(lists)) {
    const { member } = await roster.enter(registrationOf(id));
    await mirror(member, { registry, pool });
  }
  return { registry, roster, pool };
}

const context = toolContext({ caller: "test" });

test("names that meet are told apart, and each reaches its own worker and tool", async () => {
  const { registry } = await mirrored({
    a: [tool("b_c"), tool("x.y"), tool("x-y")],
    a_b: [tool("c")],
    "1": [tool("3d")],
  });
  expect(registry.tool("n_1_n_3d")).toBeDefined();
  expect(registry.tools).toHaveLength(5);
  for (const { name, _meta } of registry.tools) {
    const { structuredContent } = await registry.call(name, { k: null }, context);
    expect(structuredContent).toEqual({
      id: _meta?.["worker_id"],
      name: _meta?.["original_name"],
      args: { k: null },
    });
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  }
});

test("control tools, by name or by mark, are not served, and what acts needs the right to dispatch", async () => {
  const { registry } = await mirrored({
    w: [
      tool("submit"),
      tool("export_provider_metadata"),
      tool("quiet", { _meta: { "parley/control": true } }),
      tool("get_status"),
      tool("ask_secretary"),
      tool("harmless", { annotations: { readOnlyHint: true } }),
    ],
  });
  expect(registry.tools.map(({ name, scope }) => [name, scope])).toEqual([
    ["w_ask_secretary", "negotiate"],
    ["w_get_status", "read"],
    ["w_harmless", "dispatch"],
  ]);
});

test("a worker that left or registered anew while it was being listed leaves nothing behind", async () => {
  const registry = createRegistry();
  const { roster } = testFleet(() => linkTo(() => ({}), [tool("t")]));
  const { member } = await roster.enter(registrationOf("w"));
  await mirror(member, { registry, pool: new Map(), isCurrent: () => false });
  expect(registry.tools).toEqual([]);
  expect(member.mirrored).toBe(0);
});

test("equal schemas of many workers are one object", async () => {
  const inputSchema = (): RemoteTool["inputSchema"] => ({ type: "object", properties: { a: {} } });
  const { registry, pool } = await mirrored({
    v: [tool("t", { inputSchema: inputSchema() })],
    w: [tool("t", { inputSchema: inputSchema() })],
  });
  expect(registry.tool("v_t")?.inputSchema).toBe(registry.tool("w_t")?.inputSchema);
  expect(pool.size).toBe(1);
});

test("a flood of tools is cut", async () => {
  const { registry } = await mirrored({ w: Array.from({ length: 1200 }, (_, index) => tool(`t${index}`)) });
  expect(registry.tools).toHaveLength(1000);
});
