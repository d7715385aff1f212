import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { folder, startWith, toolFile, write } from "./_loading.ts";

const patience = { timeout: 30_000 };

describe("[LOAD-10] --watch", () => {
  test("serves an edited file, and what it imports, anew", async () => {
    const home = await folder({
      "a.ts": `import { answer } from "./b.ts";\nexport const ask = (): string => answer;\n`,
      "b.ts": `export const answer: string = "one";\n`,
      "c.cjs": `exports.common = () => "one";`,
      "d.mjs": `export const plain = () => "one";`,
    });
    const { say } = await startWith({
      watch: true,
      tool: ["a.ts#ask", "c.cjs#common", "d.mjs#plain"].map((name) => join(home, name)),
    });
    expect([await say("ask"), await say("common"), await say("plain")]).toEqual(["one", "one", "one"]);
    await write(home, {
      "b.ts": `export const answer: string = "two";\n`,
      "c.cjs": `exports.common = () => "two";`,
      "d.mjs": `export const plain = () => "two";`,
    });
    const all = async () => [await say("ask"), await say("common"), await say("plain")];
    await vi.waitFor(async () => expect(await all()).toEqual(["two", "two", "two"]), patience);
  });

  test("follows the YAML file: added, removed, renamed, filtered", async () => {
    const home = await folder({ "a.ts": toolFile("a", "a", ["x"]), "b.ts": toolFile("b", "b", ["y"]) });
    const config = join(home, "parley.yaml");
    await write(home, { "parley.yaml": "tools: [./a.ts#a]\n" });
    const { names } = await startWith({ config, watch: true });
    const becomes = async (yaml: string, expected: readonly string[]) => {
      // As an editor saves: written beside it, then moved into place.
      await write(home, { "parley.yaml~": yaml });
      await rename(`${config}~`, config);
      await vi.waitFor(async () => expect(await names()).toEqual(expected), patience);
    };
    expect(await names()).toEqual(["a"]);
    await becomes("tools: [./a.ts#a, ./b.ts#b]\n", ["a", "b"]);
    await becomes("tools: [{ path: ./b.ts#b, name: a }]\n", ["a"]);
    await becomes("tools: [./a.ts#a, ./b.ts#b]\nsettings: { exclude: [x] }\n", ["b"]);
    await becomes("{}\n", ["simple_echo", "structured_echo"]);
  });

  test("keeps what was served when an edit is broken, says why, and recovers", async () => {
    const home = await folder({ "a.ts": toolFile("a", "one"), "b.ts": toolFile("b", "b") });
    const config = join(home, "parley.yaml");
    await write(home, { "parley.yaml": "tools: [./a.ts#a, ./b.ts#b]\n" });
    const { say, names, notices } = await startWith({ config, watch: true });
    const heard = (pattern: RegExp) =>
      vi.waitFor(
        () => expect(notices).toEqual(expect.arrayContaining([expect.stringMatching(pattern)])),
        patience,
      );

    await write(home, { "a.ts": "export const a = ;\n" });
    await heard(/Kept what was served of tools\[0\] \.\/a\.ts#a: .*a\.ts:1:1/);
    expect(await say("a")).toBe("one");

    await write(home, { "parley.yaml": "tools: [./a.ts#a, \n" });
    await heard(/Kept what was served: .*parley\.yaml:/);
    expect(await names()).toEqual(["a", "b"]);

    await write(home, { "a.ts": toolFile("b", "twin"), "parley.yaml": "tools: [./a.ts#b, ./b.ts#b]\n" });
    await heard(/Kept what was served: Two tools are named "b"/);
    expect(await names()).toEqual(["a", "b"]);

    await rm(join(home, "a.ts"));
    await write(home, { "parley.yaml": "tools: [./a.ts#a, ./b.ts#b]\n" });
    await heard(/Kept what was served of tools\[0\] \.\/a\.ts#a: Cannot find/);
    await write(home, { "a.ts": toolFile("a", "two") });
    await vi.waitFor(async () => expect(await say("a")).toBe("two"), patience);
    expect(await names()).toEqual(["a", "b"]);
  });

  test("tells connected clients of both eras, once the list differs and not before", async () => {
    const home = await folder({ "a.ts": toolFile("a", "one") });
    const { running, say } = await startWith({ watch: true, toolModule: [join(home, "a.ts")] });
    const url = new URL(running.url ?? "");
    const heard = { old: 0, modern: 0 };
    const old = new OldClient({ name: "old", version: "1" });
    old.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      heard.old += 1;
    });
    await old.connect(new OldTransport(url));
    onTestFinished(() => old.close());
    const modern = new ModernClient(
      { name: "new", version: "1" },
      {
        versionNegotiation: { mode: "auto" },
        listChanged: { tools: { autoRefresh: false, onChanged: () => void (heard.modern += 1) } },
      },
    );
    await modern.connect(new ModernTransport(url));
    onTestFinished(() => modern.close());
    await new Promise((resolve) => setTimeout(resolve, 100));

    await write(home, { "a.ts": toolFile("a", "one").replace(`=> "one"`, `=> "two"`) });
    await vi.waitFor(async () => expect(await say("a")).toBe("two"), patience);
    expect(heard).toEqual({ old: 0, modern: 0 });
    await write(home, { "a.ts": toolFile("a", "three") });
    await vi.waitFor(() => expect(heard).toEqual({ old: 1, modern: 1 }), patience);
  });

  test("lets running calls finish on the old definition, and closes its toolkit after them", async () => {
    const kit = (answer: string) => `import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
const events = (globalThis.kitEvents ??= []);
export function createKit() {
  const tool = defineTool({ name: "wait", description: "Waits.", input: z.object({ hold: z.boolean() }),
    handler: async ({ hold }) => { while (hold && !globalThis.kitOpen) await new Promise((done) => setTimeout(done, 10)); events.push("${answer} ran"); return "${answer}"; } });
  return { tools: [tool], close: async () => { events.push("${answer} closed"); } };
}
`;
    const home = await folder({ "kit.mjs": kit("old") });
    const { say, running } = await startWith({ watch: true, toolModule: [join(home, "kit.mjs")] });
    const slow = say("wait", { hold: true });
    await write(home, { "kit.mjs": kit("new") });
    await vi.waitFor(async () => expect(await say("wait", { hold: false })).toBe("new"), patience);
    await write(home, { "kit.mjs": kit("newer") });
    await vi.waitFor(async () => expect(await say("wait", { hold: false })).toBe("newer"), patience);
    await vi.waitFor(() => expect(String(Reflect.get(globalThis, "kitEvents"))).toContain("new closed"));
    expect(String(Reflect.get(globalThis, "kitEvents"))).not.toContain("old closed");
    Reflect.set(globalThis, "kitOpen", true);
    expect(await slow).toBe("old");
    await running.close();
    const events: unknown = Reflect.get(globalThis, "kitEvents");
    expect(events).toEqual(expect.arrayContaining(["old ran", "old closed", "newer closed"]));
    expect(String(events)).toMatch(/old ran.*old closed/);
  });
});
