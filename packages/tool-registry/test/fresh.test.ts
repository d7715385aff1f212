import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ParleyError } from "@parley/core";
import { loadModule, loadTool, toolContext } from "@parley/tool-registry";
import { describe, expect, it, onTestFinished } from "vitest";

async function folder(files: Readonly<Record<string, string>>) {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), "parley-fresh-")));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const write = async (some: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(some)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), text);
    }
  };
  await write(files);
  return { cwd, write };
}

describe("[LOAD-11] a fresh load", () => {
  it.each(["leaf.ts", "leaf.mjs", "leaf.js"])(
    "reads %s behind another file anew, and names both",
    async (leaf) => {
      const { cwd, write } = await folder({
        "package.json": `{"type":"module"}`,
        "main.ts": `import { word } from "./${leaf}";\nexport const say = (): string => word;\n`,
        [leaf]: `export const word = "one";\n`,
      });
      const files: string[] = [];
      const load = async () => {
        const module = await loadModule("./main.ts", {
          cwd,
          fresh: true,
          onFile: (path) => files.push(path),
        });
        return Reflect.apply(Object(module["say"]), undefined, []);
      };
      expect(await load()).toBe("one");
      await write({ [leaf]: `export const word = "two";\n` });
      expect(await load()).toBe("two");
      expect(new Set(files)).toEqual(new Set([join(cwd, "main.ts"), join(cwd, leaf)]));
    },
  );

  it("evaluates a file once within one load, and keeps packages and the host's own modules", async () => {
    const { cwd } = await folder({
      "node_modules/counted/package.json": `{"name":"counted","type":"module","exports":"./main.js"}`,
      "node_modules/counted/main.js": `globalThis.countedLoads = (globalThis.countedLoads ?? 0) + 1; export const x = 1;`,
      "a.ts": `import "./once.ts"; import "./b.ts"; import "counted"; import { ParleyError } from "@parley/core";
export const hostError = ParleyError; export const wait = async () => (await import("./b.ts")).b;\n`,
      "b.ts": `import "./once.ts"; export const b = 1;\n`,
      "once.ts": `globalThis.onceLoads = (globalThis.onceLoads ?? 0) + 1;\n`,
    });
    const first = await loadModule("./a.ts", { cwd, fresh: true });
    expect(first["hostError"]).toBe(ParleyError);
    expect(await Reflect.apply(Object(first["wait"]), undefined, [])).toBe(1);
    expect(Reflect.get(globalThis, "onceLoads")).toBe(1);
    await loadModule("./a.ts", { cwd, fresh: true });
    expect(Reflect.get(globalThis, "onceLoads")).toBe(2);
    expect(Reflect.get(globalThis, "countedLoads")).toBe(1);
  });

  it("takes top-level await, CommonJS, and names the place of a syntax error", async () => {
    const { cwd, write } = await folder({
      "wait.ts": `export const word: string = await Promise.resolve("one");\n`,
      "common.js": `exports.word = "one";\n`,
      "broken.mjs": "export const a = 1;\nexport const b = ;\n",
      "uses.ts": `import { x } from "waits";\nexport const word: string = x;\n`,
      "node_modules/waits/package.json": `{"name":"waits","type":"module","exports":"./main.js"}`,
      "node_modules/waits/main.js": `export const x = await Promise.resolve("from a package that waits");`,
    });
    const word = async (name: string) => (await loadModule(`./${name}`, { cwd, fresh: true }))["word"];
    expect([await word("wait.ts"), await word("common.js")]).toEqual(["one", "one"]);
    await write({
      "wait.ts": `export const word: string = await Promise.resolve("two");\n`,
      "common.js": `exports.word = "two";\n`,
    });
    expect([await word("wait.ts"), await word("common.js")]).toEqual(["two", "two"]);
    expect(await word("uses.ts")).toBe("from a package that waits");
    await expect(word("broken.mjs")).rejects.toThrow(/broken\.mjs:2:1[78]/);
  });

  it("holds on to nothing over many reloads", async () => {
    const { cwd, write } = await folder({});
    const text = (round: number) => `import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
const ballast = new Array(100_000).fill(${round});
export const tool = defineTool({ name: "t", description: "T.", input: z.object({}), handler: () => ballast[0] });
`;
    const gone: WeakRef<object>[] = [];
    for (let round = 0; round < 12; round += 1) {
      await write({ "t.ts": text(round) });
      const tool = await loadTool("./t.ts#tool", { cwd, fresh: true });
      expect(await tool.call({}, toolContext())).toMatchObject({ structuredContent: round });
      gone.push(new WeakRef(tool));
    }
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      Reflect.apply(Object(collect), undefined, []);
    }
    expect(gone.filter((ref) => ref.deref() !== undefined).length).toBeLessThanOrEqual(2);
  });
});

it("[LOAD-04] gives up on a module that does not finish loading", async () => {
  const { cwd } = await folder({
    "hangs.mjs": "await new Promise(() => setInterval(() => 0, 1000).unref());\n",
  });
  await expect(loadModule("./hangs.mjs", { cwd, timeoutMs: 50 })).rejects.toThrow(
    /did not load within 50 ms/,
  );
});
