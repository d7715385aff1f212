import { join } from "node:path";
import { loadItems } from "@parley/tool-registry";
import { createRegistry } from "@parley/tool-registry";
import * as api from "@parley/tasks";
import { describe, expect, it } from "vitest";
import { scratch, sqliteMissing } from "./_process.ts";

const missing = await sqliteMissing();

it("exports what a user needs and nothing else", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "createParleyProgram",
      "createTasks",
      "createTasksProgram",
    ]
  `);
});

describe.skipIf(missing !== undefined)(`[ORC-32] as a module of another server ${missing ?? ""}`, () => {
  it("brings its tools and resources, tells of changes, and closes its file", async () => {
    const file = join(await scratch(), "tasks.db");
    const load = () =>
      loadItems("@parley/tasks#createTasks", {
        options: { file },
        packages: { "@parley/tasks": async () => await import("@parley/tasks") },
      });
    const items = await load();
    const registry = createRegistry();
    registry.replace("tasks", items);
    const touched = new Set<string>();
    registry.onTouch((uri) => touched.add(uri));
    const context = {
      signal: new AbortController().signal,
      scopes: new Set(["read", "dispatch"]),
      progress: () => undefined,
      log: () => undefined,
      hangUp: () => undefined,
    };
    const added = await registry.call("add_task", { description: "x" }, context as never);
    expect(added.structuredContent).toMatchObject({ status: "pending" });
    await expect.poll(() => [...touched]).toContain("task://queue");
    expect(items.resources.map(({ uri }) => uri)).toContain("task://stats");
    await items.close?.();
    const again = await load();
    await again.close?.();
  });
});
