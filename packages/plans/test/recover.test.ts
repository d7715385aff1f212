import { createMemoryDatabase } from "@parley/databases";
import type { Database } from "@parley/databases";
import { createScriptedModel } from "@parley/llm";
import { createPlanRunner, listRuns, readRun } from "@parley/plans";
import type { PlanRunnerOptions } from "@parley/plans";
import { describe, expect, it } from "vitest";
import { bench, fakeServer, watcher } from "./_bench.ts";

/** A store whose process dies before the n-th event of a kind is written; what was written stays. */
function dying(database: Database, kind: string, nth = 1): Database {
  let left = nth;
  let dead = false;
  return {
    ...database,
    async append(stream, value) {
      if (typeof value === "object" && value !== null && "type" in value && value.type === kind) left -= 1;
      dead ||= left <= 0;
      if (dead) throw new Error("killed");
      return await database.append(stream, value);
    },
    async put(...given) {
      if (dead) throw new Error("killed");
      return await database.put(...given);
    },
  };
}

const plan = `
name: p
steps:
  - { name: a, type: tool, tool: first }
  - { name: b, type: tool, tool: second }
`;

/** Runs a plan until its process dies, and gives what a second process needs. */
async function killedRun(
  text: string,
  kind: string,
  options: Omit<PlanRunnerOptions, "database"> & { nth?: number; files?: Record<string, string> },
) {
  const database = createMemoryDatabase();
  const { nth, ...rest } = options;
  const { runner, loaded } = await bench(text, { ...rest, database: dying(database, kind, nth) });
  await runner.start(loaded).catch(() => undefined);
  const [record] = await listRuns(database);
  return { database, id: record?.id ?? "", loaded };
}

describe("[PLN-25] a run whose process was killed", () => {
  it("goes on at the step where it was, and repeats no call that was done", async () => {
    for (const kind of ["step.entered", "attempt.started", "transition"]) {
      const server = fakeServer({ first: () => "1", second: () => "2" });
      const { database, id } = await killedRun(plan, kind, { nth: 2, servers: { one: server } });
      const outcome = await createPlanRunner({ database, servers: { one: server } }).resume(id);
      expect(outcome).toMatchObject({ status: "success", outputs: { text: "2" } });
      expect(server.calls.map(({ name }) => name)).toEqual(["first", "second"]);
    }
  });

  it("asks about a call that was cut off, and does as it is told", async () => {
    for (const [answer, status, calls] of [
      ["repeat", "success", 3],
      ["success", "success", 2],
      ["failure", "failure", 2],
    ] as const) {
      const server = fakeServer({ first: () => "1", second: () => "2" });
      const { database, id } = await killedRun(plan, "attempt.finished", {
        nth: 2,
        servers: { one: server },
      });
      const { ui, questions, told } = watcher({ "b.unknown": answer });
      const outcome = await createPlanRunner({ database, servers: { one: server }, ui }).resume(id);
      expect(outcome.status).toBe(status);
      expect(server.calls).toHaveLength(calls);
      expect(questions[0]?.text).toContain(
        "The call of second was cut off, and nobody knows whether it was done.",
      );
      expect(told).toContain("log: The call of second was cut off, and nobody knows whether it was done.");
    }
  });

  it("stops where nobody can be asked, until somebody says it with the resume", async () => {
    const server = fakeServer({ first: () => "1", second: () => "2" });
    const { database, id } = await killedRun(plan, "attempt.finished", { nth: 2, servers: { one: server } });
    const runner = createPlanRunner({ database, servers: { one: server } });
    expect(await runner.resume(id)).toMatchObject({
      status: "stopped",
      error: { code: "E_INPUT_UNSUPPORTED" },
    });
    expect(server.calls).toHaveLength(2);
    expect(await runner.resume(id, { unknown: "success" })).toMatchObject({ status: "success" });
    expect(server.calls).toHaveLength(2);
  });

  it("makes a call again that its tool, or the step, says is safe; and follows a transition for unknown", async () => {
    const safe = plan.replace("tool: second", "tool: second, repeat: safe");
    const unknown = plan
      .replace("tool: second", "tool: second, transitions: { unknown: a }")
      .replace("tool: first", "tool: first, max_visits: 2");
    for (const [text, annotations, calls] of [
      [safe, {}, 3],
      [plan, { idempotentHint: true }, 3],
      [unknown, {}, 4],
    ] as const) {
      const server = fakeServer({ first: () => "1", second: { handler: () => "2", annotations } });
      const { database, id } = await killedRun(text, "attempt.finished", {
        nth: 2,
        servers: { one: server },
      });
      expect(await createPlanRunner({ database, servers: { one: server } }).resume(id)).toMatchObject({
        status: "success",
      });
      expect(server.calls).toHaveLength(calls);
    }
  });

  it("waits for a call that goes on at its server", async () => {
    const handle = { taskId: "t1", status: "working", poll: "get_task" };
    const answer = { status: "completed", result: { content: [{ type: "text", text: "late" }] } };
    const server = fakeServer({ first: () => "1", second: () => handle, get_task: () => answer });
    const { database, id } = await killedRun(plan, "attempt.finished", { nth: 2, servers: { one: server } });
    const outcome = await createPlanRunner({ database, servers: { one: server } }).resume(id);
    expect(outcome).toMatchObject({ status: "success", outputs: { text: "late" } });
    expect(server.calls.map(({ name }) => name)).toEqual(["first", "second", "get_task", "get_task"]);
  });

  it("leaves a run alone that another process runs, and stops one that was taken over", async () => {
    const owner = { host: "h", pid: 1 };
    let resumeElsewhere: () => Promise<void> = async () => undefined;
    const server = fakeServer({ first: async () => (await resumeElsewhere(), "1"), second: () => "2" });
    const { runner, loaded, database } = await bench(plan, { servers: { one: server }, owner });
    const other = (alive: boolean) =>
      createPlanRunner({
        database,
        servers: { one: fakeServer({ first: () => "1", second: () => "2" }) },
        owner: { host: "h", pid: 2 },
        isAlive: () => alive,
      });
    resumeElsewhere = async () => {
      const [record] = await listRuns(database);
      await expect(other(true).resume(record?.id ?? "")).rejects.toThrow(
        "goes on in process 1 of h: let it, or stop it.",
      );
      await other(false).resume(record?.id ?? "", { unknown: "success" });
    };
    await expect(runner.start(loaded)).rejects.toMatchObject({ code: "E_RUN_OWNED" });
    expect(server.calls).toHaveLength(1);
    await expect(runner.resume("run_none")).rejects.toMatchObject({ code: "E_RUN_UNKNOWN" });
  });
});

describe("[PLN-26] a conversation that was cut off", () => {
  const agent = "name: p\nsteps: [{ name: a, type: agent, instruction: Do it. }]";
  const call = (name: string) => ({ toolCalls: [{ id: "x", name, arguments: { n: 1 } }] });

  it("goes on behind the last answer and the last call, and asks about one that was cut off", async () => {
    for (const [kind, nth, asked] of [
      ["model.replied", 3, 1],
      ["call.started", 2, 1],
      ["call.finished", 2, 1],
      ["attempt.finished", 1, 0],
    ] as const) {
      const server = fakeServer({ one: () => "1", two: () => "2" });
      const first = createScriptedModel([call("one"), call("two"), "done"]);
      const { database, id } = await killedRun(agent, kind, { nth, servers: { s: server }, model: first });
      const { ui, questions } = watcher({ "a.unknown": "success" });
      const rest = kind === "attempt.finished" ? [] : ["done"];
      const second = createScriptedModel(rest);
      const outcome = await createPlanRunner({ database, servers: { s: server }, model: second, ui }).resume(
        id,
      );
      expect(outcome).toMatchObject({ status: "success", outputs: { text: "done" } });
      expect(server.calls.map(({ name }) => name)).toEqual(["one", "two"]);
      expect(second.requests).toHaveLength(asked);
      expect(questions).toHaveLength(kind === "call.finished" ? 1 : 0);
      if (kind === "call.finished") {
        expect(second.requests[0]?.messages.at(-1)).toMatchObject({
          role: "tool",
          content: "The call was done. Its result was lost.",
        });
      }
    }
  });
});

describe("[PLN-28] plans inside plans", () => {
  const outer =
    'name: p\nsteps:\n  - { name: sub, type: plan, plan: in.yaml, inputs: { who: me } }\n  - { name: b, type: tool, tool: second, inputs: { x: "{{ steps.sub.outputs.said }}" } }\n';
  const files = {
    "in.yaml":
      'name: inner\ninputs: { who: null }\noutputs: { said: "{{ steps.two.outputs.text }}" }\nsteps:\n  - { name: one, type: tool, tool: first, inputs: { who: "{{ inputs.who }}" } }\n  - { name: two, type: tool, tool: first }\n',
  };
  it("run as runs of their own, give their outputs, and go on where they were", async () => {
    const server = fakeServer({
      first: ({ who }) => `first ${String(who)}`,
      second: ({ x }) => `second ${String(x)}`,
    });
    const { database, id } = await killedRun(outer, "step.entered", {
      nth: 3,
      files,
      servers: { one: server },
    });
    const { ui, told } = watcher();
    const outcome = await createPlanRunner({ database, servers: { one: server }, ui }).resume(id);
    expect(outcome).toMatchObject({
      status: "success",
      outputs: { text: "second first undefined" },
      metrics: { calls: 3 },
    });
    expect(server.calls.map(({ args }) => args)).toEqual([{ who: "me" }, {}, { x: "first undefined" }]);
    expect(told.filter((line) => line === "resumed")).toHaveLength(2);
    const all = await listRuns(database, { inner: true });
    expect(all.map((run) => [run.plan, run.parent?.step])).toEqual([
      ["inner", "sub"],
      ["p", undefined],
    ]);
    expect((await readRun(database, all[0]?.id ?? "")).record.status).toBe("success");
  });
});
