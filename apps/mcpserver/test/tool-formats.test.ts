import { formatTools } from "@parley/mcpserver";
import { describe, expect, test } from "vitest";
import { startWith } from "./_loading.ts";
import { exportFrom } from "./_export.ts";

describe("[LOAD-06] tool definitions for model APIs", () => {
  test("keep the schema and fill in what an API insists on", () => {
    const inputSchema = { type: "object", required: ["x"], properties: { x: { type: "string" } } };
    expect(formatTools([{ name: "a/b.c", inputSchema }], "anthropic")).toEqual([
      { name: "a_b_c", description: "", input_schema: inputSchema },
    ]);
  });

  test("refuse two names that become one", () => {
    const inputSchema = { type: "object" };
    const twins = [
      { name: "a.b", inputSchema },
      { name: "a/b", inputSchema },
    ];
    expect(() => formatTools(twins, "openai")).toThrow(/"a\.b" and "a\/b".*"a_b"/);
  });

  test("come from a running server too", async () => {
    const { running } = await startWith({});
    const printed = await exportFrom(["--url", running.url ?? "", "--format", "anthropic"]);
    expect(printed).toContainEqual(
      expect.objectContaining({
        name: "simple_echo",
        input_schema: expect.objectContaining({ required: ["message"] }),
      }),
    );
  });
});
