import { ParleyError } from "@parley/core";
import {
  createRegistry,
  defineTool,
  errorOf,
  errorResult,
  maskErrors,
  toolContext,
} from "@parley/tool-registry";
import type { MaskedFault } from "@parley/tool-registry";
import { expect, it } from "vitest";
import { z } from "zod";

function masked() {
  const faults: MaskedFault[] = [];
  const registry = maskErrors(createRegistry(), { report: (fault) => faults.push(fault), id: () => "err_1" });
  const add = (name: string, act: () => unknown): void =>
    registry.addTool(defineTool({ name, description: name, input: z.object({}), handler: () => act() }));
  return { registry, faults, add };
}

it("an unexpected error becomes one sentence with a number, and is reported whole", async () => {
  const { registry, faults, add } = masked();
  const secret = new Error("connect postgres://u:hunter2@db");
  add("broken", () => {
    throw secret;
  });
  const result = await registry.call("broken", {}, toolContext());
  expect(JSON.stringify(result)).not.toContain("hunter2");
  expect(result.isError).toBe(true);
  expect(errorOf(result)).toMatchObject({
    code: "E_TOOL_FAILED",
    message: 'The tool "broken" failed unexpectedly; the server\'s log has the details under err_1.',
    details: { correlationId: "err_1" },
  });
  expect(faults).toEqual([{ id: "err_1", kind: "tool", name: "broken", error: secret }]);
});

it("what was meant for the client passes", async () => {
  const { registry, faults, add } = masked();
  add("refuses", () => {
    throw new ParleyError("E_ENGINE_REFUSED", "Queue debug is closed.");
  });
  add("answers", () => errorResult(new Error("the build failed")));
  expect((await registry.call("refuses", {}, toolContext())).content).toEqual([
    { type: "text", text: "Queue debug is closed." },
  ]);
  expect((await registry.call("answers", {}, toolContext())).content).toEqual([
    { type: "text", text: "the build failed" },
  ]);
  expect(errorOf(await registry.call("refuses", { x: 1 }, toolContext()))?.code).toBeDefined();
  expect(faults).toEqual([]);
});

it("prompts and resources are masked too, and what is replaced at once", async () => {
  const { registry, faults } = masked();
  const fail = () => Promise.reject(new TypeError("inner"));
  registry.replace("here", {
    prompts: [{ name: "p", get: fail }],
    resources: [{ name: "r", uri: "r://x", read: fail }],
  });
  registry.addPrompt({ name: "q", get: fail });
  registry.addResource({ name: "s", uri: "s://x", read: fail });
  for (const prompt of registry.prompts)
    await expect(prompt.get({}, toolContext())).rejects.toThrow(/under err_1/);
  for (const resource of registry.resources)
    await expect(resource.read(resource.uri ?? "", toolContext())).rejects.toThrow(/under err_1/);
  expect(faults.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "prompt p",
    "prompt q",
    "resource r://x",
    "resource s://x",
  ]);
});

it("stays one registry: lists, versions and listeners are those of the one inside", async () => {
  const inside = createRegistry();
  const registry = maskErrors(inside, { report: () => undefined });
  const changes: string[] = [];
  registry.onChange((change) => changes.push(change));
  registry.addTool(defineTool({ name: "a", description: "a", input: z.object({}), handler: () => "x" }));
  await Promise.resolve();
  expect([registry.version, registry.tools.length, changes]).toEqual([inside.version, 1, ["tools"]]);
  expect(registry.tool("a")).toBe(inside.tool("a"));
});
