import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import { describe, expect, test } from "vitest";
import { folder, startWith, toolFile, write } from "./_loading.ts";

const kinds = `import { defineEvents, definePrompt, defineResource, defineTool } from "@parley/tool-registry";
import { z } from "zod";
export const shout = defineTool({ name: "shout", description: "Shouts.", tags: ["loud"],
  input: z.object({ text: z.string() }), handler: ({ text }) => text.toUpperCase() });
export const persona = definePrompt({ name: "persona", description: "A persona.", tags: ["loud"],
  input: z.object({ job: z.string() }), handler: ({ job }) => \`You are a \${job}.\` });
export const readme = defineResource({ name: "readme", uri: "docs://readme", handler: () => "read me" });
export const page = defineResource({ name: "page", uriTemplate: "docs://pages/{number}",
  input: z.object({ number: z.coerce.number().int() }), handler: ({ number }) => \`page \${number + 1}\` });
export const bell = defineEvents({ name: "bell", description: "Rings.", input: z.object({}), subscribe: () => undefined });
export function whisper({ text }: { text: string }): string { return text.toLowerCase(); }
export const helper = (): number => 1;
`;

describe("[LOAD-01] what is loaded", () => {
  test("every kind by its flag, from TypeScript, renamed, beside what the file lists", async () => {
    const home = await folder({ "kinds.ts": kinds });
    const at = (name: string): string => `${join(home, "kinds.ts")}#${name}`;
    const config = join(home, "parley.yaml");
    await write(home, {
      "parley.yaml": `tools:
  - { path: "./kinds.ts#whisper", name: hush, description: "Speaks low.", tags: [quiet] }
  - ./kinds.ts#helper
resources: [{ path: "./kinds.ts#page" }]
`,
    });
    const { names, say, client } = await startWith({
      config,
      tool: [`loud=${at("shout")}`],
      prompt: [at("persona")],
      resource: [at("readme")],
      event: [at("bell")],
    });
    expect(await names()).toEqual([
      "helper",
      "hush",
      "list_event_streams",
      "loud",
      "subscribe",
      "unsubscribe",
    ]);
    expect(await say("loud", { text: "hi" })).toBe("HI");
    expect(await say("hush", { text: "HI" })).toBe("hi");
    expect(await names("Prompts")).toEqual(["final_status", "persona"]);
    expect(await client.getPrompt("persona", { job: "cook" })).toMatchObject({
      messages: [{ content: { text: "You are a cook." } }],
    });
    expect(await client.readResource("docs://readme")).toMatchObject({ contents: [{ text: "read me" }] });
    expect(await client.readResource("docs://pages/41")).toMatchObject({ contents: [{ text: "page 42" }] });
    expect((await client.listTools()).find(({ name }) => name === "hush")).toMatchObject({
      description: "Speaks low.",
    });
  });

  test("a whole module, its arrays, toolkits and described functions, but not its helpers", async () => {
    const home = await folder({
      "kinds.ts": kinds,
      "more.mjs": `const tool = (name) => ({ name, inputSchema: { type: "object" }, call: async () => ({ content: [] }) });
export const list = [tool("one"), tool("two")];
export const kit = { tools: [tool("three")], prompts: [{ name: "ask", get: async () => ({ messages: [] }) }] };
export const described = Object.assign((args) => "d", { description: "Described." });
export default described;
`,
    });
    const { names } = await startWith({ toolModule: [join(home, "kinds.ts"), join(home, "more.mjs")] });
    expect((await names()).filter((name) => !/subscribe|stream/.test(String(name)))).toEqual([
      "described",
      "one",
      "shout",
      "three",
      "two",
    ]);
    expect(await names("Prompts")).toEqual(["ask", "final_status", "persona"]);
    expect(await names("Resources")).toEqual(["readme"]);
  });

  test("a factory, with the options of its entry, closed with the server", async () => {
    const home = await folder({
      "kit.ts": `import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
export const seen: string[] = [];
export function createKit({ prefix = "" }: { prefix?: string } = {}) {
  const tool = defineTool({ name: prefix + "log", description: "Logs.", input: z.object({}), handler: () => seen.join() });
  return { tools: [tool], close: async () => { Reflect.set(globalThis, "kitClosed", true); } };
}
`,
      "parley.yaml": `discovery:\n  - { path: ./kit.ts, options: { prefix: x_ }, tags: [kit] }\n  - { path: "@parley/events" }\n`,
    });
    const { names, running } = await startWith({
      config: join(home, "parley.yaml"),
      toolModule: ["@parley/echo#createEcho"],
    });
    expect(await names()).toEqual([
      "list_event_streams",
      "simple_echo",
      "structured_echo",
      "subscribe",
      "unsubscribe",
      "x_log",
    ]);
    await running.close();
    expect(Reflect.get(globalThis, "kitClosed")).toBe(true);
  });

  test("an installed package, and dotted paths", async () => {
    const home = await folder({
      "node_modules/@some/pkg/package.json": `{"name":"@some/pkg","type":"module","exports":"./main.js"}`,
      "node_modules/@some/pkg/main.js": `export const hello = () => "from a package";`,
      "pkg/mod.js": `export const func = () => "dotted";`,
      "package.json": `{"type":"module"}`,
      "parley.yaml": `tools: ["@some/pkg#hello", pkg.mod.func, "again=pkg.mod.func"]\n`,
    });
    const { names, say } = await startWith({ config: join(home, "parley.yaml") });
    expect(await names()).toEqual(["again", "func", "hello"]);
    expect([await say("hello"), await say("func")]).toEqual(["from a package", "dotted"]);
  });

  test("the file of the guide", async () => {
    const guide = await readFile(new URL("../../../docs/guides/tools.md", import.meta.url), "utf8");
    const home = await folder({ "tools.ts": /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? "" });
    const { names, say, client, notices } = await startWith({ toolModule: [join(home, "tools.ts")] });
    expect(notices).toEqual([]);
    expect(await names("Prompts")).toContain("reviewer");
    expect(await say("greet", { name: "Ada" })).toBe("Hello Ada");
    expect(await client.readResource("squares://9")).toMatchObject({ contents: [{ text: "81" }] });
    expect(
      (await client.callTool("subscribe", { provider_name: "clock" }))["structuredContent"],
    ).toMatchObject({
      status: "subscribed",
    });
  });

  test("nothing named serves simple_echo, and the prompt for a final status", async () => {
    const { names, client, notices } = await startWith({});
    expect(await names()).toContain("simple_echo");
    expect(notices.join()).toContain("simple_echo");
    const asked = JSON.stringify(
      await client.getPrompt("final_status", { output: "</output> ok", task: "build" }),
    );
    expect(asked).toContain("success");
    expect(asked).toContain("It was to do this: build");
    expect(asked.match(/<\/output>/g)).toHaveLength(1);
  });

  test("an own prompt takes the place of the built-in one", async () => {
    const home = await folder({ "p.mjs": `export const final_status = () => "mine";` });
    const { client } = await startWith({ prompt: [join(home, "p.mjs#final_status")] });
    expect(await client.getPrompt("final_status")).toMatchObject({
      messages: [{ content: { text: "mine" } }],
    });
  });
});

describe("[LOAD-02] the paths of the seed's commands", () => {
  const stands = {
    "node_modules/@parley/hpc/package.json": `{"name":"@parley/hpc","type":"module","exports":"./main.js"}`,
    "node_modules/@parley/hpc/main.js": `export const docker_build_container = () => "built";
export const docker_build_persona_prompt = () => "You build containers.";`,
    "node_modules/@parley/flux/package.json": `{"name":"@parley/flux","type":"module","exports":"./main.js"}`,
    "node_modules/@parley/flux/main.js": `export const flux_validate_jobspec = () => "valid";
export const flux_validate_jobspec_persona = () => "You validate.";
export const transform_jobspec = () => "transformed";
export const transform_jobspec_persona = () => "You transform.";`,
  };

  test("lead to our packages", async () => {
    const home = await folder({
      ...stands,
      "parley.yaml": `tools:
  - hpc_mcp.t.build.docker.docker_build_container
  - hpc_mcp.build.docker.docker_build_container=build_again
  - flux_mcp.validate.flux_validate_jobspec
  - { path: flux_mcp.transformer.transform_jobspec, name: transform }
prompts:
  - hpc_mcp.t.build.docker.docker_build_persona_prompt
  - flux_mcp.validate.flux_validate_jobspec_persona
  - flux_mcp.transformer.transform_jobspec_persona
`,
    });
    const { names, say } = await startWith({ config: join(home, "parley.yaml") });
    expect(await names()).toEqual([
      "build_again",
      "docker_build_container",
      "flux_validate_jobspec",
      "transform",
    ]);
    expect(await say("transform")).toBe("transformed");
    expect(await names("Prompts")).toEqual([
      "docker_build_persona_prompt",
      "final_status",
      "flux_validate_jobspec_persona",
      "transform_jobspec_persona",
    ]);
  });

  test("say what to install, and that an export is not there", async () => {
    const home = await folder({
      ...stands,
      "parley.yaml": "tools: [flux_mcp.validate.nothing_here, other_mcp.mod.func]\n",
    });
    const { notices } = await startWith({ config: join(home, "parley.yaml") });
    expect(notices[0]).toMatch(
      /tools\[0\] flux_mcp\.validate\.nothing_here: .*@parley\/flux#nothing_here has no export/,
    );
    expect(notices[1]).toMatch(/Cannot find other_mcp\/mod/);
  });
});

describe("[LOAD-03] tags and names", () => {
  const tagged = {
    "t.ts": ["a", "b", "c", "d"]
      .map((name, index) => toolFile(name, name, [["red"], ["red", "big"], ["blue"], []][index]))
      .join("\n")
      .replaceAll(/^import.*\n/gm, "")
      .replace(/^/, `import { defineTool } from "@parley/tool-registry";\nimport { z } from "zod";\n`),
  };

  test.each([
    [{}, ["a", "b", "c", "d"]],
    [{ include: ["red"] }, ["a", "b"]],
    [{ include: ["red", "blue"] }, ["a", "b", "c"]],
    [{ include: ["red"], exclude: ["big"] }, ["a"]],
    [{ exclude: ["red"] }, ["c", "d"]],
    [{ include: ["name:?"], exclude: ["name:[ab]", "name:a*"] }, ["b", "c", "d"]],
    [{ include: ["absent"] }, []],
  ])("%j serves %j", async (filter, expected) => {
    const home = await folder(tagged);
    const { names } = await startWith({ toolModule: [join(home, "t.ts")], ...filter });
    expect(await names()).toEqual(expected);
  });

  test("the file filters too, prompts and resources as well", async () => {
    const home = await folder({
      "kinds.ts": kinds,
      "parley.yaml": "discovery: [./kinds.ts]\nsettings: { include: [loud] }\n",
    });
    const { names } = await startWith({ config: join(home, "parley.yaml") });
    expect(await names()).toEqual(["shout"]);
    expect(await names("Prompts")).toEqual(["persona"]);
    expect(await names("Resources")).toEqual([]);
  });
});

describe("[LOAD-04] what cannot be loaded", () => {
  const bad = {
    "syntax.ts": "export const a = 1;\nexport const b = ;\n",
    "throws.ts": "throw new Error('boom');\n",
    "exits.mjs": "process.exit(3);\n",
    "class.ts": "export class Tool { call() {} }\n",
    "promise.mjs": "export const later = Promise.resolve(1);\n",
    "kinds.ts": kinds,
    "name.mjs": `export const odd = { name: "two words", inputSchema: { type: "object" }, call: async () => ({}) };`,
    "helpers.ts": "export const helper = (): number => 1;\n",
    "factories.mjs": "export const createA = () => 1; export const createB = () => 2;\n",
    "good.ts": toolFile("good", "fine"),
  };
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["tool", "syntax.ts#b", /syntax\.ts:2:1[78]/],
    ["tool", "throws.ts#b", /throws\.ts:1.*boom/],
    ["tool", "exits.mjs#b", /called process\.exit\(3\)/],
    ["tool", "absent.ts#b", /Cannot find .*absent\.ts/],
    ["tool", "class.ts#Tool", /is no tool or function but a class/],
    ["tool", "promise.mjs#later", /is no tool or function but a promise/],
    ["tool", "kinds.ts#persona", /is no tool or function but a prompt \(load it with --prompt\)/],
    ["prompt", "kinds.ts#shout", /is no prompt or function but a tool \(load it with --tool\)/],
    ["resource", "kinds.ts#bell", /is no resource but a source of events \(load it with --event\)/],
    ["event", "kinds.ts#shout", /is no source of events but a tool/],
    ["event", "helpers.ts#helper", /is no source of events but a number/],
    ["tool", "name.mjs#odd", /"two words" cannot be served/],
    ["toolModule", "helpers.ts", /no tool, prompt, resource or source of events.*helper/],
    ["toolModule", "factories.mjs", /several factories; name one: .*#createA/],
  ];

  test.each(cases)(
    "%s %s is left out with the reason, and the rest is served",
    async (kind, name, reason) => {
      const home = await folder(bad);
      const flags = { tool: [join(home, "good.ts#good")] };
      const also = { [kind]: [...(kind === "tool" ? flags.tool : []), join(home, name)] };
      const { names, notices } = await startWith({ ...flags, ...also });
      expect(await names()).toEqual(["good"]);
      expect(notices).toEqual([expect.stringMatching(reason)]);
      expect(notices[0]).toContain(name);
      await expect(startWith({ ...flags, ...also, strict: true })).rejects.toMatchObject({
        code: expect.stringMatching(/^E_TOOL_/),
        message: expect.stringMatching(reason),
      });
    },
  );

  test("a name taken twice is an error that names both, strict or not", async () => {
    const home = await folder({ "a.ts": toolFile("same", "a"), "b.ts": toolFile("same", "b") });
    await write(home, { "parley.yaml": "tools: [./a.ts#same]\n" });
    const twice = startWith({ config: join(home, "parley.yaml"), tool: [join(home, "b.ts#same")] });
    await expect(twice).rejects.toMatchObject({ code: "E_TOOL_DUPLICATE" });
    await expect(twice).rejects.toThrow(/parley\.yaml: tools\[0\].*b\.ts#same \(--tool\)/);
  });

  test("a name of the server's own is refused to the loaded tool", async () => {
    const home = await folder({ "a.ts": toolFile("get_fleet_status", "mine") });
    const taken = startWith({
      hub: true,
      hubSecret: "potato-potato",
      tool: [join(home, "a.ts#get_fleet_status")],
    });
    await expect(taken).rejects.toThrow(/get_fleet_status.*one of hub.*one of .*a\.ts/);
  });

  test.each([
    ["tools: [{ pth: ./a.ts }]", /tools\[0\]\.pth"; did you mean "path"/],
    ["tools: [{ name: x }]", /tools\[0\]\.path/],
    ["discovery: [{ path: ./a.ts, name: x }]", /discovery\[0\]\.name/],
    ["events: [{ path: ./a.ts, options: 3 }]", /events\[0\]\.options: write a mapping/],
    ["settings: { strict: perhaps }", /settings\.strict/],
  ])("%s is refused with its place", async (text, message) => {
    const home = await folder({ "parley.yaml": `${text}\n` });
    await expect(readSettings({ flags: { config: join(home, "parley.yaml") }, env: {} })).rejects.toThrow(
      message,
    );
  });
});
