import { defineExecutor } from "@parley/orchestrator";
import { WebSocket } from "undici";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { eras, legacy, modern, speak, sqliteMissing, startDesk } from "./_desk.ts";

const missing = await sqliteMissing();

/** Tools of the lab with the arguments it gives them. */
const labTools: Readonly<Record<string, readonly string[]>> = {
  add_task: ["description", "priority", "max_attempts"],
  start_task: ["task_id"],
  complete_task: ["task_id", "result"],
  fail_task: ["task_id", "reason"],
  retry_task: ["task_id", "feedback"],
  get_next_task: [],
  clear_completed: [],
  reset_all_tasks: [],
  run_orchestrator: ["max_tasks"],
  add_tasks_batch: ["descriptions"],
  complete_tasks_batch: ["task_ids", "result"],
};

const labResources = ["queue", "current", "stats", "pending", "completed"].map((name) => `task://${name}`);

const Listed = z.looseObject({
  tools: z.array(
    z.looseObject({
      name: z.string(),
      inputSchema: z.looseObject({
        properties: z.record(z.string(), z.unknown()).default({}),
        required: z.array(z.string()).default([]),
      }),
    }),
  ),
});
const Resources = z.looseObject({ resources: z.array(z.looseObject({ uri: z.string() })) });
const Templates = z.looseObject({ resourceTemplates: z.array(z.looseObject({ uriTemplate: z.string() })) });

/** What a client of an era is shown. */
async function shown(era: (typeof eras)[number], url: string) {
  if (era === "2025") {
    const client = await legacy(url);
    return {
      tools: Listed.parse(await client.listTools()).tools,
      resources: Resources.parse(await client.listResources()).resources,
      templates: Templates.parse(await client.listResourceTemplates()).resourceTemplates,
    };
  }
  const client = modern(url);
  return {
    tools: Listed.parse({ tools: await client.listTools() }).tools,
    resources: Resources.parse({ resources: await client.listResources() }).resources,
    templates: Templates.parse({ resourceTemplates: await client.listResourceTemplates() }).resourceTemplates,
  };
}

const shout = defineExecutor({
  type: "shout",
  description: "Says it louder.",
  input: z.object({ say: z.string() }),
  execute: ({ say }) =>
    Promise.resolve(
      say === "nothing"
        ? { ok: false, failure: { class: "permanent", message: "there is nothing to say" } }
        : { ok: true, output: say.toUpperCase() },
    ),
});

describe.skipIf(missing !== undefined).each(eras)(
  `[DUR-30] the checkpoint of the lab with a client of %s ${missing ?? ""}`,
  (era) => {
    it("finds every tool with its arguments, every resource, and the filter", async () => {
      const { url } = await startDesk();
      const { tools, resources, templates } = await shown(era, url);
      const byName = new Map(tools.map((tool) => [tool.name, tool.inputSchema]));
      for (const [name, words] of Object.entries(labTools)) {
        expect(Object.keys(byName.get(name)?.properties ?? {})).toEqual(expect.arrayContaining([...words]));
        // Nothing the lab does not send is asked for.
        expect(words).toEqual(expect.arrayContaining(byName.get(name)?.required ?? []));
      }
      const uris = resources.map(({ uri }) => uri);
      expect(uris).toEqual(expect.arrayContaining(labResources));
      expect(templates.some(({ uriTemplate }) => uriTemplate.startsWith("task://filter/{status}"))).toBe(
        true,
      );
      for (const uri of uris) expect(await (await speak(era, url)).read(uri)).toBeDefined();
    });

    it("says the words of the lab, also where there is nothing", async () => {
      const client = await speak(era, (await startDesk()).url);
      expect((await client.call("get_next_task")).text).toBe("No pending tasks");
      for (const name of ["start_task", "retry_task"]) {
        expect((await client.call(name, { task_id: "task-001" })).text).toBe("Task not found: task-001");
      }
      expect(await client.read("task://current")).toBeNull();
      expect(await client.read("task://pending")).toEqual([]);
      const { id } = (
        await client.call("add_task", { description: "Write a haiku", priority: 1, max_attempts: 1 })
      ).value;
      expect(await client.read("task://pending")).toMatchObject([
        { id, description: "Write a haiku", priority: 1 },
      ]);
      expect(await client.read("task://stats")).toMatchObject({
        total: 1,
        pending: 1,
        completion_rate: null,
      });
    });

    it("runs the orchestrator and reads its four figures in the text", async () => {
      const client = await speak(era, (await startDesk({ executors: [shout] })).url);
      for (const say of ["one", "nothing", "two"]) {
        await client.call("add_task", { description: say, execute: { type: "shout", say } });
      }
      const run = await client.call("run_orchestrator", { max_tasks: 2 });
      expect(JSON.parse(run.text)).toMatchObject({ processed: 2, completed: 1, failed: 1 });
      expect(JSON.parse(run.text).elapsed_seconds).toBeGreaterThanOrEqual(0);
      expect(run.value.stopped).toBe("max_tasks");
      expect((await client.call("run_orchestrator")).value).toMatchObject({
        processed: 1,
        completed: 1,
        failed: 0,
      });
      const done = await client.read("task://completed");
      expect(done.map(({ result }: { result: string }) => result)).toEqual(["ONE", "TWO"]);
    });

    it("is told of every change of a task's status, as exercise 3 asks", async () => {
      const { url, base } = await startDesk();
      const client = await speak(era, url);
      const socket = new WebSocket(`${base.replace("http", "ws")}/events/ws?after=0`);
      onTestFinished(() => socket.close());
      const told: string[] = [];
      socket.addEventListener("message", ({ data }) => {
        const { type, to } = JSON.parse(String(data));
        if (to !== undefined) told.push(`${type} ${to}`);
      });
      const { id } = (await client.call("add_task", { description: "x" })).value;
      const { lease_token } = (await client.call("get_next_task")).value.task;
      await client.call("complete_task", { task_id: id, result: "y", lease_token });
      await vi.waitFor(() => expect(told).toHaveLength(3), { timeout: 10_000 });
      expect(told).toEqual(["submitted pending", "claimed in_progress", "completed completed"]);
    });
  },
);

/** Tools that need a lease, with what else they take. */
const ends = {
  complete_task: { result: "late" },
  fail_task: { reason: "late" },
  heartbeat_task: {},
  release_task: {},
};

describe.skipIf(missing !== undefined).each(eras)(
  `[DUR-31] bad input of a client of %s ${missing ?? ""}`,
  (era) => {
    it("is named in exact words and changes nothing", async () => {
      const { url, queue } = await startDesk();
      const client = await speak(era, url);
      const circle = [
        { description: "a", ref: "a", depends_on: ["c"] },
        { description: "b", ref: "b", depends_on: ["a"] },
        { description: "c", ref: "c", depends_on: ["b"] },
        { description: "d", ref: "d" },
      ];
      expect((await client.call("add_tasks_batch", { tasks: circle })).text).toBe(
        "These tasks wait for each other in a circle: a, b, c.",
      );
      expect((await client.call("add_task", { description: "x", depends_on: ["task-7"] })).text).toBe(
        'No task "task-7" to depend on.',
      );
      const twice = [
        { description: "a", ref: "a" },
        { description: "b", ref: "a" },
      ];
      expect((await client.call("add_tasks_batch", { tasks: twice })).text).toBe(
        "Two tasks of the flow share a ref: give each its own.",
      );
      for (const [name, more] of Object.entries(ends)) {
        const said = await client.call(name, { task_id: "task-7", lease_token: "t", ...more });
        expect(said.text).toBe('No task "task-7".');
      }
      const { text } = await client.call("add_task", {
        description: "x",
        input: "y".repeat(2 * 1024 * 1024),
      });
      expect(text).toMatch(
        /^The payload was not taken: 2097\d{3} bytes exceed the limit of 1048576: store it elsewhere and pass a reference\.$/,
      );
      expect((await queue.list()).tasks).toEqual([]);
    });

    it("ends no task twice and none by a lease that is over", async () => {
      const { url, queue } = await startDesk();
      const client = await speak(era, url);
      const { id } = (await client.call("add_task", { description: "x" })).value;
      const first = (await client.call("get_next_task")).value.task.lease_token;
      await queue.revoke(id);
      const second = (await client.call("get_next_task")).value.task.lease_token;
      const over = `The lease on ${id} is over (attempt 2 holds it): stop, and do not use what this attempt made.`;
      for (const [name, more] of Object.entries(ends)) {
        const said = await client.call(name, { task_id: id, lease_token: first, ...more });
        expect(said).toMatchObject({ isError: true, code: "stale_lease", text: over });
      }
      await client.call("complete_task", { task_id: id, lease_token: second, result: "good" });
      expect((await client.call("fail_task", { task_id: id, lease_token: second, reason: "no" })).text).toBe(
        `The lease on ${id} is over (it is completed): stop, and do not use what this attempt made.`,
      );
      expect(await client.read(`task://${id}`)).toMatchObject({
        status: "completed",
        result: "good",
        attempts: 2,
      });
    });
  },
);
