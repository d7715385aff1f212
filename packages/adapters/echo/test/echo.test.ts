import { createEcho, simpleEcho, structuredEcho } from "@parley/echo";
import { createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";

const context = toolContext();

function served(prefix?: string) {
  const registry = createRegistry();
  const toolkit = createEcho({ prefix });
  registry.replace(toolkit.origin, toolkit);
  return registry;
}

describe("createEcho", () => {
  it.each(["hello", "", 'quote " and \u0000 and 語', "  spaces  "])(
    "says %j back unchanged",
    async (message) => {
      expect(await served().call("simple_echo", { message }, context)).toEqual({
        content: [{ type: "text", text: message }],
      });
    },
  );

  it("answers with structured content and its defaults", async () => {
    const result = await served().call("structured_echo", { message: "ab" }, context);
    expect(result.structuredContent).toEqual({ message: "ab", times: 1, length: 2 });
  });

  it.each([{}, { message: 1 }, { message: "a", extra: true }, { message: "x".repeat(100_001) }])(
    "refuses arguments that do not fit (%#)",
    async (args) => {
      expect(errorOf(await served().call("simple_echo", args, context))?.code).toBe("E_ARGUMENT_INVALID");
    },
  );

  it("takes a prefix and describes every argument", () => {
    const { tools } = served("my_");
    expect(tools.map((tool) => tool.name)).toEqual(["my_simple_echo", "my_structured_echo"]);
    expect(tools[0]?.inputSchema["properties"]).toMatchObject({
      message: { description: expect.stringContaining("example") },
    });
  });
});

describe("the plain functions", () => {
  it("work without a server", async () => {
    expect(await simpleEcho({ message: "hi" })).toBe("hi");
    expect(await structuredEcho({ message: "hi", times: 2 })).toEqual({
      message: "hi hi",
      times: 2,
      length: 2,
    });
  });
});
