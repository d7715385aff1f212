import { ParleyError } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  createRegistry,
  defineResource,
  defineTool,
  errorOf,
  type Registry,
  type RegistryChange,
  type Resource,
  type Tool,
  toolContext,
  toolProblem,
} from "@parley/tool-registry";

const context = toolContext();

function remoteTool(name: string, more: Partial<Tool> = {}): Tool {
  return {
    name,
    inputSchema: { type: "object" },
    call: async (args) => ({ content: [], structuredContent: args }),
    ...more,
  };
}

const sayNew: Tool["call"] = async () => ({ content: [{ type: "text", text: "new" }] });
const read: Resource["read"] = async () => [];

const failing = (thrown: unknown) =>
  defineTool({
    name: "failing",
    description: "",
    input: z.object({}),
    handler: () => {
      throw thrown;
    },
  });

function attempt(registry: Registry, origin: string, names: readonly string[] | null): string | undefined {
  try {
    if (names === null) registry.remove(origin);
    else registry.replace(origin, { tools: names.map((name) => remoteTool(name)) });
    return undefined;
  } catch (error) {
    return ParleyError.isInstance(error) ? error.code : "other";
  }
}

describe("names", () => {
  it.each(["", "a b", "ä", "x".repeat(65), "a\n", "a#b"])("refuses %j", (name) => {
    expect(() => createRegistry().addTool(remoteTool(name))).toThrow(/letters, digits/);
  });

  it("names both origins of a duplicate and changes nothing", () => {
    const registry = createRegistry();
    registry.addTool(remoteTool("status", { origin: "./a.ts#status" }));
    const { version } = registry;
    expect(() =>
      registry.replace("worker n1", { tools: [remoteTool("extra"), remoteTool("status")] }),
    ).toThrow(/"status": one of \.\/a\.ts#status, one of worker n1/);
    expect(registry.tools.map((tool) => tool.name)).toEqual(["status"]);
    expect(registry.version).toBe(version);
    expect(() => registry.addTool(remoteTool("status", { origin: "./a.ts#status" }))).toThrow(/Two tools/);
    expect(() => registry.replace("w", { tools: [remoteTool("twice"), remoteTool("twice")] })).toThrow(
      /Two tools/,
    );
  });

  it("refuses schemas that would make clients refuse the list", () => {
    expect(toolProblem(remoteTool("a", { inputSchema: {} }))).toMatch(/"type": "object"/);
    expect(toolProblem(remoteTool("a", { inputSchema: { type: "object", properties: [] } }))).toMatch(
      /properties/,
    );
    expect(toolProblem(remoteTool("a"))).toBeUndefined();
  });
});

describe("changes", () => {
  it("tells listeners once per microtask and kind, however many items came", async () => {
    const registry = createRegistry();
    const heard = vi.fn<(change: RegistryChange) => void>();
    const stop = registry.onChange(heard);
    for (let index = 0; index < 50; index += 1) registry.addTool(remoteTool(`t${index}`));
    registry.addPrompt({ name: "p", get: async () => ({ messages: [] }) });
    expect(heard).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(heard.mock.calls).toEqual([["tools"], ["prompts"]]);
    stop();
    registry.remove("this program");
    await Promise.resolve();
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it("keeps the version when an origin lists the same again, but calls the new items", async () => {
    const registry = createRegistry();
    registry.replace("w", { tools: [remoteTool("b"), remoteTool("a")] });
    const { version } = registry;
    registry.replace("w", { tools: [remoteTool("a", { call: sayNew }), remoteTool("b")] });
    expect(registry.version).toBe(version);
    expect(await registry.call("a", {}, context)).toMatchObject({ content: [{ text: "new" }] });
    registry.replace("w", { tools: [remoteTool("a", { description: "changed" })] });
    expect(registry.version).toBeGreaterThan(version);
  });

  it("reports a listener that throws and goes on", async () => {
    const onListenerError = vi.fn<(error: unknown) => void>();
    const registry = createRegistry({ onListenerError });
    const heard = vi.fn<(change: RegistryChange) => void>();
    registry.onChange(() => {
      throw new Error("listener");
    });
    registry.onChange(heard);
    registry.addTool(remoteTool("a"));
    await Promise.resolve();
    expect(onListenerError).toHaveBeenCalledOnce();
    expect(heard).toHaveBeenCalledWith("tools");
  });

  it("agrees with a plain model over any sequence of replacements and removals", () => {
    const step = fc.record({
      origin: fc.constantFrom("a", "b", "c"),
      names: fc.option(fc.uniqueArray(fc.constantFrom("t1", "t2", "t3", "t4"))),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const registry = createRegistry();
        const model = new Map<string, string>();
        for (const { origin, names } of steps) {
          const clash = names?.some((name) => (model.get(name) ?? origin) !== origin) ?? false;
          expect(attempt(registry, origin, names)).toBe(clash ? "E_TOOL_DUPLICATE" : undefined);
          if (!clash) {
            for (const [name, owner] of model) if (owner === origin) model.delete(name);
            for (const name of names ?? []) model.set(name, origin);
          }
          expect(registry.tools.map((tool) => tool.name)).toEqual([...model.keys()].toSorted());
        }
      }),
    );
  });
});

describe("resources and prompts", () => {
  it("keys resources by URI and refuses what has none", () => {
    const registry = createRegistry();
    registry.addResource({ name: "b", uri: "x://b", read });
    registry.addResource({ name: "a", uriTemplate: "x://{id}", read });
    expect(registry.resources.map((resource) => resource.name)).toEqual(["b", "a"]);
    expect(() => registry.addResource({ name: "other", uri: "x://b", read })).toThrow(/Two resources/);
    expect(() => registry.addResource({ name: "none", read })).toThrow(/uri or a uriTemplate/);
    expect(() => registry.addResource({ name: "bad", uri: "no uri", read })).toThrow(/no URI/);
    expect(() => registry.addPrompt({ name: "a b", get: async () => ({ messages: [] }) })).toThrow(/letters/);
  });
});

describe("call", () => {
  const registry = createRegistry();
  registry.addTool(
    remoteTool("typed", {
      inputSchema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: "https://example.com/same",
        type: "object",
        properties: {
          "from (where)": { type: "string" },
          count: { type: "integer" },
          at: { format: "date" },
        },
        required: ["from (where)"],
      },
    }),
  );
  registry.addTool(
    remoteTool("typed2020", {
      inputSchema: {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: "https://example.com/same",
        type: "object",
        $defs: { n: { type: "integer" } },
        properties: { pair: { prefixItems: [{ $ref: "#/$defs/n" }] } },
      },
    }),
  );
  registry.addTool(
    remoteTool("uncompilable", { inputSchema: { type: "object", $ref: "https://x.invalid/s" } }),
  );
  registry.addTool(
    remoteTool("passing", { passThrough: true, inputSchema: { type: "object", required: ["never"] } }),
  );
  registry.addTool(remoteTool("dispatching", { scope: "dispatch" }));

  const code = async (name: string, args: unknown): Promise<string | undefined> =>
    errorOf(await registry.call(name, args, context))?.code;

  it("validates by the tool's own schema in draft-07 and 2020-12", async () => {
    expect(await code("typed", { "from (where)": "a", count: 1, at: "2026-01-01" })).toBeUndefined();
    expect(await code("typed", {})).toBe("E_ARGUMENT_INVALID");
    expect(await code("typed", { "from (where)": "a", count: 1.5 })).toBe("E_ARGUMENT_INVALID");
    expect(await code("typed", { "from (where)": "a", at: "soon" })).toBe("E_ARGUMENT_INVALID");
    expect(await code("typed2020", { pair: ["x"] })).toBe("E_ARGUMENT_INVALID");
    expect(await code("typed2020", { pair: [1, "x"] })).toBeUndefined();
    expect(await code("typed", [])).toBe("E_ARGUMENT_INVALID");
  });

  it("lets arguments pass where a schema cannot be compiled or is not ours to check", async () => {
    expect(await code("uncompilable", { any: null })).toBeUndefined();
    expect(await code("passing", {})).toBeUndefined();
  });

  it("throws for an unknown tool and a missing scope", async () => {
    await expect(registry.call("nope", {}, context)).rejects.toMatchObject({ code: "E_TOOL_UNKNOWN" });
    const reader = toolContext({ scopes: new Set(["read"]) });
    await expect(registry.call("dispatching", {}, reader)).rejects.toMatchObject({
      code: "E_AUTH_FORBIDDEN",
    });
    const admin = toolContext({ scopes: new Set(["admin"]) });
    expect(await registry.call("dispatching", undefined, admin)).toMatchObject({ structuredContent: {} });
  });

  it.each([
    [new ParleyError("E_ENGINE_UNREACHABLE", "slurm is away"), "E_ENGINE_UNREACHABLE", "slurm is away"],
    [new Error("plain"), "E_TOOL_FAILED", "plain"],
    ["text", "E_TOOL_FAILED", "text"],
    [undefined, "E_TOOL_FAILED", "It failed and says nothing of why."],
  ])("turns what a tool throws into an error result", async (thrown, expected, text) => {
    const own = createRegistry();
    own.addTool(failing(thrown));
    const result = await own.call("failing", {}, context);
    expect(result).toMatchObject({ isError: true, content: [{ type: "text", text }] });
    expect(errorOf(result)?.code).toBe(expected);
  });

  it("does not start a call that is already aborted", async () => {
    const result = await registry.call("passing", {}, toolContext({ signal: AbortSignal.abort() }));
    expect(errorOf(result)?.code).toBe("E_INTERRUPTED");
  });
});

describe("resources that tell of their changes", () => {
  it("are listened to while the registry holds them, and no longer", () => {
    const touch: ((uri: string) => void)[] = [];
    const ended = vi.fn<() => void>();
    const watched = (uri: string): Resource =>
      defineResource({
        name: uri,
        uri,
        watch: (touched) => {
          touch.push(touched);
          return ended;
        },
        handler: () => "",
      });
    const registry = createRegistry();
    const heard: string[] = [];
    registry.onTouch((uri) => heard.push(uri));
    const [one, two] = [watched("a://1"), watched("a://2")];
    registry.replace("x", { resources: [one, two, { name: "plain", uri: "a://3", read }] });
    expect(touch).toHaveLength(2);
    touch[0]?.("a://1");
    expect(heard).toEqual(["a://1"]);
    registry.replace("x", { resources: [one] });
    expect([touch.length, ended.mock.calls.length]).toEqual([2, 1]);
    registry.addResource(watched("a://4"));
    expect(touch).toHaveLength(3);
    registry.remove("x");
    expect(ended).toHaveBeenCalledTimes(2);
  });
});
