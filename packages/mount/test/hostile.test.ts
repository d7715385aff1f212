import { ParleyError } from "@parley/core";
import type { McpCallOptions } from "@parley/mcp-client";
import { toolContext, toolNamePattern } from "@parley/tool-registry";
import { assert, asyncProperty, string, uniqueArray } from "fast-check";
import { expect, it } from "vitest";
import { claiming } from "./_claiming.ts";
import { mountAs, namesIn, until } from "./_upstreams.ts";

const inputSchema = { type: "object" };

it("[MNT-09] leaves out what cannot be served, with a warning each, and serves the rest", async () => {
  const { registry, mount, warnings } = mountAs(() =>
    claiming({
      tools: [
        { name: "good", inputSchema },
        { name: "good", inputSchema },
        { name: "a-b", inputSchema },
        { name: "a_b", inputSchema },
        { name: "x".repeat(200), inputSchema },
        { name: "bad", inputSchema: { type: "array" } },
        { name: "worse", inputSchema: { type: "object", properties: [] } },
        { name: "no schema" },
        { name: "\u001B[2J../../etc", inputSchema },
        { inputSchema },
        "text",
      ],
      prompts: new ParleyError("E_MCP_PROTOCOL", "It has no prompts to show.", {
        details: { rpcCode: -32_603 },
      }),
      resources: [
        { name: "a", uri: "not a uri" },
        { name: "b", uri: "b://1" },
        { name: "c", uri: "b://1" },
      ],
    }),
  );
  await mount.ready;
  expect(namesIn(registry)).toHaveLength(6);
  expect(namesIn(registry)).toEqual(
    expect.arrayContaining(["up_a_b", "up_good", "up_no_schema", "up___2J______etc"]),
  );
  for (const name of namesIn(registry)) expect(name).toMatch(toolNamePattern);
  expect(registry.resources.map(({ uri }) => uri)).toEqual(["b://1"]);
  expect(warnings).toEqual([
    "It has no prompts to show.",
    "2 of 11 tools are left out: they cannot be read or are over 1000.",
    expect.stringMatching(/tool "good" is left out: another has that name/),
    expect.stringMatching(/tool "up_bad" is left out: its inputSchema must say "type": "object"/),
    expect.stringMatching(/tool "up_worse" is left out/),
    expect.stringMatching(/resource "up_a" is left out/),
    expect.stringMatching(/resource "c" is left out: another has that URI/),
  ]);
});

it("[MNT-09] results outside the protocol are errors, not results", async () => {
  const prompts = [{ name: "p" }];
  const resources = [{ name: "r", uri: "r://1" }];
  const { registry, mount } = mountAs(() =>
    claiming({
      tools: [{ name: "t", inputSchema }],
      prompts,
      resources,
      result: { content: "no list", messages: [{ role: "system" }], contents: [{ text: "no uri" }] },
    }),
  );
  await mount.ready;
  expect(await registry.call("up_t", {}, toolContext())).toMatchObject({
    isError: true,
    content: [{ text: "The mount up sent a tool result whose content is no list of blocks." }],
  });
  await expect(registry.prompts[0]?.get({}, toolContext())).rejects.toThrow(/no list of messages/);
  await expect(registry.resources[0]?.read("r://1", toolContext())).rejects.toThrow(/no list of texts/);
});

it("[MNT-09] endless questions end", async () => {
  const inputRequests = { q: { method: "roots/list" } };
  const { registry, mount } = mountAs(() =>
    claiming({
      tools: [{ name: "t", inputSchema }],
      result: { resultType: "input_required", inputRequests, requestState: "s" },
    }),
  );
  await mount.ready;
  const input = async (questions: object) =>
    Object.fromEntries(Object.keys(questions).map((key) => [key, { roots: [] }])) as never;
  expect(await registry.call("up_t", {}, toolContext({ input }))).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/asks for input more than 16 times/) }],
  });
});

it("[MNT-09] any names come out distinct, short and plain", async () => {
  const names = uniqueArray(string({ minLength: 1, maxLength: 100, unit: "binary" }), {
    maxLength: 30,
  });
  await assert(
    asyncProperty(names, async (all) => {
      const { registry, mount } = mountAs(() =>
        claiming({ tools: all.map((name) => ({ name, inputSchema })) }),
      );
      await until(() => expect(mount.status.state).toBe("ready"));
      expect(registry.tools).toHaveLength(all.length);
      for (const name of namesIn(registry)) expect(name).toMatch(toolNamePattern);
      await mount.close();
    }),
    { numRuns: 30 },
  );
});

it("lets no question of a server go past a client that cannot answer it, to one that can", async () => {
  const given: McpCallOptions[] = [];
  const { registry, mount } = mountAs(() => ({
    ...claiming({ tools: [{ name: "t", inputSchema }] }),
    callTool: async (_name, _args, options = {}) => {
      given.push(options);
      return { content: [] };
    },
  }));
  await mount.ready;
  await registry.call("up_t", {}, toolContext());
  await registry.call("up_t", {}, toolContext({ canAsk: (kind) => kind === "form" }));
  // A method that a call says nothing of would be answered by its connection.
  const [mute, able] = given.map(({ handlers = {} }) => ({
    asks: Object.keys(handlers).toSorted(),
    handlers,
  }));
  const all = ["elicitation/create", "roots/list", "sampling/createMessage"];
  expect(mute?.asks).toEqual(all);
  expect(able?.asks).toEqual(all);
  expect(mute?.handlers["elicitation/create"]).toBeUndefined();
  expect(able?.handlers["elicitation/create"]).toBeTypeOf("function");
  expect(able?.handlers["sampling/createMessage"]).toBeUndefined();
  await mount.close();
});
