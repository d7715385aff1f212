import { ParleyError } from "@parley/core";
import * as fc from "fast-check";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { modules } from "./_modules.ts";
import { loadModule, loadPrompt, loadResource, loadTool, toolContext } from "@parley/tool-registry";

const here = dirname(fileURLToPath(import.meta.url));
const cwd = await mkdtemp(join(tmpdir(), "parley-tools-"));
for (const [path, source] of Object.entries(modules)) {
  await mkdir(dirname(join(cwd, path)), { recursive: true });
  await writeFile(join(cwd, path), source);
}
afterAll(() => rm(cwd, { recursive: true }));
const context = toolContext();

describe("loadTool", () => {
  it("loads TypeScript with an enum and an extensionless import, on the host's own core", async () => {
    const tool = await loadTool("./pancakes.ts#pancakes", { cwd });
    expect(tool).toMatchObject({ name: "pancakes", origin: "./pancakes.ts#pancakes" });
    expect(await tool.call({ count: 3 }, context)).toMatchObject({ content: [{ text: "=== with maple" }] });
    const module = await loadModule("./pancakes", { cwd });
    expect(module["hostError"]).toBe(ParleyError);
  });

  it.each([
    ["short=./pancakes.ts#pancakes", "short"],
    ["./pancakes.ts#pancakes=short", "short"],
    ["pancakes.greet=hello", "hello"],
    ["pancakes.greet", "greet"],
    ["./single.mjs", "only"],
    ["./default.mjs", "shout"],
    [`${cwd}/pancakes.ts#greet`, "greet"],
  ])("reads %s", async (spec, name) => {
    expect((await loadTool(spec, { cwd })).name).toBe(name);
  });

  it("wraps a plain function, by its own properties and the options", async () => {
    const greet = await loadTool("./pancakes.ts#greet", { cwd, name: "hi", description: "Says hi." });
    expect(greet).toMatchObject({ name: "hi", description: "Says hi.", inputSchema: { type: "object" } });
    expect(await greet.call({ name: "Ada" }, context)).toMatchObject({ content: [{ text: "hello Ada" }] });
    expect((await loadTool("./pancakes.ts#greet", { cwd })).description).toBe("Greets by name.");
    const measured = await loadTool("./pancakes.ts#measured", { cwd });
    expect(measured.inputSchema).toMatchObject({ required: ["size"] });
    await expect(measured.call({}, context)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });

  it("takes what a function makes of itself: scope, annotations and output schema with it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-both-"));
    await writeFile(
      join(folder, "both.mjs"),
      `export const halve = Object.assign(async ({ n }) => n / 2, {
        toTool: ({ scope }) => ({ name: "halve", inputSchema: { type: "object" }, scope, annotations: { destructiveHint: true }, call: async () => ({ content: [] }) }),
      });
      export const ask = Object.assign(async () => "x", { toPrompt: () => ({ name: "ask", get: async () => ({ messages: [] }) }) });`,
    );
    const tool = await loadTool("other=./both.mjs#halve", {
      cwd: folder,
      tags: ["t"],
      options: { scope: "dispatch" },
    });
    expect(tool).toMatchObject({
      name: "other",
      scope: "dispatch",
      annotations: { destructiveHint: true },
      tags: ["t"],
    });
    expect(await (await loadPrompt("./both.mjs#ask", { cwd: folder })).get({}, context)).toEqual({
      messages: [],
    });
    await rm(folder, { recursive: true });
  });

  it("loads from an installed package", async () => {
    const prettify = await loadTool("zod#prettifyError", { cwd: join(here, "..") });
    expect(prettify.name).toBe("prettifyError");
    const found = await loadModule("zod", { cwd: "/", searchFrom: [here] });
    expect(Object.keys(found)).toContain("z");
  });

  it.each([
    ["./throws.ts#a", /throws\.ts:3.*boom at import/],
    ["./absent.ts#a", /Cannot find \.\/absent\.ts/],
    ["@nobody/none#x", /Cannot find @nobody\/none/],
    ["node:fs#rm", /only files and installed packages/],
    ["fs#rm", /Cannot find fs/],
    ["data:text/javascript,1#x", /only files/],
    ["https://x.invalid/a.ts#x", /only files/],
    ["./pancakes.ts#missing", /no export "missing"; it exports .*pancakes/],
    ["./pancakes.ts#toString", /no export "toString"/],
    ["./pancakes.ts#notATool", /is no tool or function/],
    ["./pancakes.ts", /no single export/],
    ["#x", /write FILE#EXPORT/],
    ["./pancakes.ts#", /write FILE#EXPORT/],
    ["", /write FILE#EXPORT/],
  ])("refuses %s", async (spec, message) => {
    const refusal = loadTool(spec, { cwd });
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toMatchObject({ code: "E_TOOL_LOAD" });
  });

  it("names file and line of a syntax error", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-load-"));
    await writeFile(join(folder, "broken.ts"), "export const a = 1;\nexport const b = ;\n");
    await expect(loadTool("./broken.ts#b", { cwd: folder })).rejects.toThrow(/broken\.ts:2:1[78]/);
    await rm(folder, { recursive: true });
  });

  it("[EX-05] gives JavaScript outside any package tree the host's zod, and no other package", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-load-"));
    await writeFile(
      join(folder, "double.js"),
      "import { z } from 'zod';\nexport function double({ n }) { return { doubled: n * 2 }; }\n" +
        "double.input = z.object({ n: z.number() });\n",
    );
    await writeFile(join(folder, "other.js"), "import 'zod-of-nobody';\nexport const other = () => 1;\n");
    const tool = await loadTool("./double.js#double", { cwd: folder });
    expect(tool.inputSchema).toMatchObject({ required: ["n"] });
    expect(await tool.call({ n: 4 }, context)).toMatchObject({ structuredContent: { doubled: 8 } });
    await expect(loadTool("./other.js#other", { cwd: folder })).rejects.toThrow(/zod-of-nobody/);
    await rm(folder, { recursive: true });
  });

  it("finds a package that exports to import alone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-load-"));
    const home = join(folder, "node_modules/@some/esm");
    await mkdir(home, { recursive: true });
    await writeFile(
      join(home, "package.json"),
      JSON.stringify({ name: "@some/esm", type: "module", exports: { ".": { import: "./main.js" } } }),
    );
    await writeFile(join(home, "main.js"), "export const tool = () => 'from esm';");
    const tool = await loadTool("@some/esm#tool", { cwd: folder });
    expect(tool.description).toBe("The function @some/esm#tool.");
    expect(await tool.call({}, context)).toMatchObject({ content: [{ text: "from esm" }] });
    await rm(folder, { recursive: true });
  });

  it("answers any text with a tool or E_TOOL_LOAD", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (spec) => {
        const outcome = await loadTool(spec, { cwd }).catch((error: unknown) => error);
        expect(ParleyError.isInstance(outcome) && outcome.code === "E_TOOL_LOAD").toBe(true);
      }),
    );
  });
});

describe("loadPrompt and loadResource", () => {
  it("take their own kind only, renamed on request", async () => {
    expect((await loadPrompt("who=./prompts.mjs#persona", { cwd })).name).toBe("who");
    expect((await loadResource("./prompts.mjs#readme", { cwd })).uri).toBe("parley://readme");
    await expect(loadPrompt("./prompts.mjs#readme", { cwd })).rejects.toThrow(/is no prompt/);
    await expect(loadResource("./prompts.mjs#persona", { cwd })).rejects.toThrow(/is no resource/);
  });
});
