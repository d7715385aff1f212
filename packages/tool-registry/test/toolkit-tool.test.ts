import { definePrompt, defineTool, loadPrompt, loadTool, toolContext } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const made: unknown[] = [];

/** A package as adapters are: a factory, functions, and factories of other things. */
const packages = {
  "@acme/ship": async () => ({
    createShip(options: { prefix?: string; port?: string; tools?: readonly string[] }) {
      made.push(options);
      const { prefix = "", port = "home", tools = ["sail"] } = options;
      const all = ["sail", "dock"].filter((name) => tools.includes(name));
      const asTool = (name: string) =>
        defineTool({
          name: prefix + name,
          description: "Moves the ship.",
          input: z.object({}),
          handler: () => `${name} ${port}`,
        });
      const log = definePrompt({
        name: `${prefix}keep_log`,
        description: "Keeps the log.",
        input: z.object({}),
        handler: () => `Write down what happened ${port}.`,
      });
      return { origin: "ship", tools: all.map(asTool), prompts: [log] };
    },
    createCrew: () => ({}),
    sailors: 3,
  }),
  "@acme/bare": async () => ({ knots: 3 }),
};

describe("[ADP-09] one tool of a toolkit", () => {
  it("is loaded by its own name, whatever toolset it is of", async () => {
    const tool = await loadTool("@acme/ship#dock", { packages });
    expect(tool.name).toBe("dock");
    expect(await tool.call({}, toolContext())).toEqual({ content: [{ type: "text", text: "dock home" }] });
    expect(made.at(-1)).toEqual({ tools: ["dock"] });
  });

  it("is renamed, and its factory given options", async () => {
    const options = { prefix: "s_", port: "Rotterdam" };
    const tool = await loadTool("moor=@acme/ship#dock", { packages, options });
    expect(tool.name).toBe("moor");
    expect(await tool.call({}, toolContext())).toEqual({
      content: [{ type: "text", text: "dock Rotterdam" }],
    });
  });

  it.each(["@acme/ship#fly", "@acme/bare#sail"])("%s is not there", async (spec) => {
    await expect(loadTool(spec, { packages })).rejects.toMatchObject({
      code: "E_TOOL_LOAD",
      message: expect.stringContaining(`no export "${spec.replace(/^.*#/, "")}"`),
    });
  });

  it("goes for a prompt too", async () => {
    const prompt = await loadPrompt("@acme/ship#keep_log", { packages, options: { port: "at sea" } });
    expect(prompt.name).toBe("keep_log");
    expect(JSON.stringify(await prompt.get({}, toolContext()))).toContain("what happened at sea");
    await expect(loadPrompt("@acme/ship#dock", { packages })).rejects.toMatchObject({ code: "E_TOOL_LOAD" });
  });
});
