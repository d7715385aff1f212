import {
  chooseOperations,
  createRegistry,
  defineOperation,
  operationTool,
  toolContext,
} from "@parley/tool-registry";
import { describe, expect, test } from "vitest";
import { z } from "zod";

interface Desk {
  readonly said: string[];
  readonly mayOutlive?: boolean | undefined;
}

const input = z.strictObject({
  name: z.string().min(1).describe("Name, for example: a"),
  confirm: z.boolean().default(false).describe("Goes on, for example: true"),
});

function remove(more: { failed?: (result: { gone: string }) => boolean } = {}) {
  return defineOperation({
    name: "remove",
    description: "Removes.",
    toolset: "things",
    effect: "destroy",
    task: "optional",
    input,
    output: z.object({ gone: z.string() }),
    destroys: ({ name }) => (name === "nothing" ? undefined : `would remove ${name}.`),
    run: async ({ name }, desk: Desk) => {
      desk.said.push(name);
      return { gone: name };
    },
    say: ({ gone }) => `Removed ${gone}.`,
    ...more,
  });
}

describe("an operation", () => {
  test("checks its arguments, and asks before it destroys", async () => {
    const { run } = remove();
    const desk: Desk = { said: [] };
    await expect(run({ name: "", more: 1 }, desk)).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
      message: expect.stringMatching(/^remove cannot take these arguments: name .*; .*more/),
    });
    await expect(run({ name: "a" }, desk)).rejects.toMatchObject({
      code: "E_CONFIRM_REQUIRED",
      message: "Nothing was done. remove would remove a. Call it again with confirm: true to go on.",
    });
    expect(desk.said).toEqual([]);
    expect(await run({ name: "a", confirm: true }, desk)).toEqual({ gone: "a" });
    expect(await run({ name: "nothing" }, desk)).toEqual({ gone: "nothing" });
  });

  test("has the annotations and the scope of what it does", () => {
    expect(remove().entry).toMatchObject({
      scope: "dispatch",
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: true,
      },
    });
    const look = defineOperation({
      name: "look",
      description: "Looks.",
      toolset: "things",
      effect: "read",
      openWorld: false,
      input: z.strictObject({}),
      output: z.object({}),
      run: async () => ({}),
      say: () => "",
    });
    expect(look.entry).toMatchObject({
      scope: "read",
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    });
  });

  test("is a tool under its own or another name, whose calls are opened with what they bring", async () => {
    const { entry } = remove();
    const opened: Desk[] = [];
    const open = ({ mayOutlive }: { mayOutlive?: boolean | undefined }): Desk => {
      opened.push({ said: [], mayOutlive });
      return opened.at(-1) ?? { said: [] };
    };
    const tool = operationTool(entry, { prefix: "my_", open });
    const twin = operationTool(entry, { prefix: "my_", name: "drop", tasks: false, open });
    expect(tool).toMatchObject({ name: "my_remove", description: "Removes.", task: "optional" });
    expect(twin).toMatchObject({ name: "my_drop", description: "Removes. The same as my_remove." });
    expect(twin.task).toBeUndefined();
    const registry = createRegistry();
    registry.replace("test", { tools: [tool, twin] });
    const args = { name: "a", confirm: true };
    expect(await registry.call("my_drop", args, toolContext({ mayOutlive: true }))).toMatchObject({
      content: [{ type: "text", text: "Removed a." }],
      structuredContent: { gone: "a" },
    });
    expect(opened).toEqual([{ said: ["a"], mayOutlive: true }]);
  });

  test("that ran and failed is an error with its result", async () => {
    const { entry } = remove({ failed: ({ gone }) => gone === "a" });
    const answer = await entry.call({ name: "a", confirm: true }, { said: [] });
    expect(answer).toEqual({ structured: { gone: "a" }, text: "Removed a.", isError: true });
    expect(await entry.call({ name: "nothing" }, { said: [] })).not.toHaveProperty("isError");
  });
});

describe("choosing operations", () => {
  const known = {
    toolsets: ["jobs", "nodes"],
    operations: [
      { toolset: "jobs", names: ["list_jobs", "list_all"] },
      { toolset: "nodes", names: ["drain"] },
    ],
  };

  test("goes by groups, or by names where there are any", () => {
    expect([...chooseOperations({ toolsets: ["jobs"] }, known)]).toEqual(["list_jobs", "list_all"]);
    expect([...chooseOperations({ toolsets: ["jobs"], tools: ["drain"] }, known)]).toEqual(["drain"]);
    expect([...chooseOperations({ toolsets: [], tools: [] }, known)]).toEqual([]);
  });

  test.each([
    [{ toolsets: ["jbos"] }, "There is no toolset jbos; there are jobs, nodes."],
    [{ toolsets: [], tools: ["x"] }, "There is no tool x; there are list_jobs, list_all, drain."],
  ])("says what there is: %j", (choice, message) => {
    expect(() => chooseOperations(choice, known)).toThrow(message);
  });
});
