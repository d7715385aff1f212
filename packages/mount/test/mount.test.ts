import { ParleyError } from "@parley/core";
import {
  createRegistry,
  definePrompt,
  defineResource,
  defineTool,
  listTool,
  toolContext,
  toolResult,
} from "@parley/tool-registry";
import type { ToolResult } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { mountAs, namesIn, overHttp, plainTool, until, upstream } from "./_upstreams.ts";

const whole: ToolResult = {
  content: [
    { type: "text", text: "odd" },
    { type: "resource_link", uri: "note://1", name: "n" },
  ],
  structuredContent: { a: [1, null] },
  isError: true,
  _meta: { "x/y": { z: 1 } },
};

const inputSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { constructor: { type: "string" }, 'a"b`${c}': { $ref: "#/$defs/x" } },
  $defs: { x: { type: "integer" } },
  "x-vendor": { keep: true },
};

describe.each(["legacy", "modern"] as const)("[MNT-01] a mounted server, %s", (era) => {
  it("appears under its prefix with schemas and results untouched", async () => {
    const { registry: theirs, url } = await upstream();
    const heard: unknown[] = [];
    theirs.addTool({
      name: "odd-tool",
      description: "Odd.",
      inputSchema,
      _meta: { "vendor/x": 1 },
      passThrough: true,
      call: async (args) => {
        heard.push(args);
        return whole;
      },
    });
    theirs.addPrompt(
      definePrompt({
        name: "greet",
        description: "Greets.",
        input: z.object({ name: z.string() }),
        complete: { name: ["Ada", "Bob"] },
        handler: ({ name }) => `Hello ${name}`,
      }),
    );
    theirs.addResource(
      defineResource({ name: "note", uri: "note://1", description: "A note.", handler: () => "first" }),
    );
    theirs.addResource(
      defineResource({
        name: "notes",
        uriTemplate: "notes://{id}",
        description: "Notes.",
        handler: (uri) => `read ${uri}`,
      }),
    );
    const { registry, mount } = mountAs(overHttp(url, era));
    await mount.ready;
    const tool = registry.tool("up_odd_tool");
    expect(tool && listTool(tool)).toMatchObject({
      inputSchema,
      _meta: { "vendor/x": 1, "parley/mount": { server: "up", name: "odd-tool" } },
    });
    expect(tool?.inputSchema).toEqual(inputSchema);
    const args = { constructor: "c", 'a"b`${c}': 1, extra: [null] };
    expect(await registry.call("up_odd_tool", args, toolContext())).toMatchObject(whole);
    expect(heard).toEqual([args]);
    const [prompt] = registry.prompts;
    expect(prompt?.name).toBe("up_greet");
    expect(await prompt?.complete?.("name", "A", {})).toEqual({ values: ["Ada"], total: 1, hasMore: false });
    expect(await prompt?.get({ name: "Ada" }, toolContext())).toMatchObject({
      messages: [{ role: "user", content: { text: "Hello Ada" } }],
    });
    expect(registry.resources.map(({ name, uri, uriTemplate }) => [name, uri ?? uriTemplate])).toEqual([
      ["up_note", "note://1"],
      ["up_notes", "notes://{id}"],
    ]);
    expect(await registry.resources[0]?.read("note://1", toolContext())).toMatchObject([{ text: "first" }]);
    expect(await registry.resources[1]?.read("notes://7", toolContext())).toMatchObject([
      { text: "read notes://7" },
    ]);
  });

  it("[MNT-02] forwards progress, trace and cancellation", async () => {
    const { registry: theirs, url } = await upstream();
    const aborted: string[] = [];
    const metas: unknown[] = [];
    theirs.addTool(
      defineTool({
        name: "slow",
        description: "Waits.",
        input: z.object({}),
        handler: (_args, context) => {
          metas.push(context._meta?.["traceparent"]);
          context.progress(1, 2, "half");
          return new Promise((_resolve, reject) => {
            context.signal.addEventListener("abort", () => {
              aborted.push("aborted");
              reject(new ParleyError("E_INTERRUPTED", "ended"));
            });
          });
        },
      }),
    );
    const { registry, mount } = mountAs(overHttp(url, era));
    await mount.ready;
    const stop = new AbortController();
    const progress: unknown[] = [];
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const call = registry.call(
      "up_slow",
      {},
      toolContext({
        signal: stop.signal,
        progress: (...said) => progress.push(said),
        _meta: { traceparent },
      }),
    );
    await until(() => expect(progress).toEqual([[1, 2, "half"]]));
    stop.abort();
    expect(await call).toMatchObject({ isError: true, _meta: { "parley/error": { code: "E_INTERRUPTED" } } });
    await until(() => expect(aborted).toEqual(["aborted"]));
    expect(metas).toEqual([traceparent]);
  });

  it("[MNT-03] follows changing lists and resources", async () => {
    const { registry: theirs, url } = await upstream();
    theirs.addTool(plainTool("one"));
    theirs.addResource(
      defineResource({ name: "note", uri: "note://1", description: "A note.", handler: () => "text" }),
    );
    const { registry, mount } = mountAs(overHttp(url, era));
    const touched: string[] = [];
    registry.onTouch((uri) => touched.push(uri));
    await mount.ready;
    await until(() => {
      theirs.touch("note://1");
      theirs.touch("note://not-theirs");
      expect(touched).toContain("note://1");
    });
    expect(new Set(touched)).toEqual(new Set(["note://1"]));
    theirs.addTool(plainTool("two"));
    await until(() => expect(namesIn(registry)).toEqual(["up_one", "up_two"]));
  });

  it("[MNT-04] comes back after the server was away, with what it offers then", async () => {
    const first = await upstream();
    first.registry.addTool(plainTool("old"));
    const { registry, mount, statuses } = mountAs(overHttp(first.url, era), { refreshMs: 50 });
    await mount.ready;
    await first.close();
    await until(() => expect(mount.status.state).toBe("unreachable"));
    expect(namesIn(registry)).toEqual(["up_old"]);
    expect(await registry.call("up_old", {}, toolContext())).toMatchObject({
      isError: true,
      _meta: { "parley/error": { code: "E_MCP_UNREACHABLE" } },
    });
    const second = await upstream(first.port);
    second.registry.addTool(plainTool("new"));
    await until(() => expect(namesIn(registry)).toEqual(["up_new"]));
    expect(await registry.call("up_new", {}, toolContext())).toMatchObject({ content: [{ text: "new" }] });
    await until(() => expect(statuses.at(-1)).toBe("ready"));
  });
});

it("[MNT-05] two origins with one name are an error that names both, and nothing is half served", async () => {
  const { registry: theirs, url } = await upstream();
  theirs.addTool(plainTool("a"));
  theirs.addTool(plainTool("b"));
  const registry = createRegistry();
  registry.replace("own module", { tools: [plainTool("up_b")] });
  const { mount } = mountAs(overHttp(url), { registry });
  await until(() => expect(mount.status.state).toBe("refused"));
  expect(mount.status.reason).toMatch(/"up_b": one of own module, one of mount up/);
  expect(namesIn(registry)).toEqual(["up_b"]);
  registry.remove("own module");
  await until(() => expect(namesIn(registry)).toEqual(["up_a", "up_b"]));
});

it("[MNT-06] include, exclude, prefix and scope say what is served, and to whom", async () => {
  const { registry: theirs, url } = await upstream();
  for (const name of ["get_a", "get_b", "put_a"]) theirs.addTool(plainTool(name));
  const { registry, mount } = mountAs(overHttp(url), { include: ["get_*"], exclude: ["*_b"], prefix: "" });
  await mount.ready;
  expect(namesIn(registry)).toEqual(["get_a"]);
  const reader = toolContext({ scopes: new Set(["read"]) });
  await expect(registry.call("get_a", {}, reader)).rejects.toMatchObject({ code: "E_AUTH_FORBIDDEN" });
  await mount.close();
  await mount.close();
  expect([namesIn(registry), mount.status.state]).toEqual([[], "closed"]);
});

it("[MNT-07] one that is not there fails nothing and is tried again", async () => {
  const away = await upstream();
  await away.close();
  const { registry, mount, statuses } = mountAs(overHttp(away.url));
  await until(() => expect(mount.status).toMatchObject({ state: "unreachable" }));
  const back = await upstream(away.port);
  back.registry.addTool(
    defineTool({
      name: "x",
      description: "x",
      input: z.object({}),
      handler: () => toolResult({ text: "x" }),
    }),
  );
  await mount.ready;
  await until(() => expect(namesIn(registry)).toEqual(["up_x"]));
  expect(statuses).toEqual(["unreachable", "ready"]);
});
