import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import { createMemoryTaskStore, type OrphanedTask, type TaskView } from "@parley/mcp-tasks";
import { describe, expect, it, vi } from "vitest";
import { engine, heldCall } from "./_engine.ts";
import { codeOf } from "./_stores.ts";

const ended = { owner: "ann", timeoutMs: 5000 };
const ask = (message: string) => ({ method: "elicitation/create", params: { message } });
/** Longer than anything here takes on a busy machine. */
const patient = { timeout: 30_000 };
const yes = { action: "accept", content: { ok: true } };

describe("a task", () => {
  it("[TASK-02] is stored before its handle is given out", async () => {
    const { tasks, store } = engine();
    const { call, finish } = heldCall({ statusMessage: "begun", args: { n: 1 } });
    const view = await tasks.start(call);
    expect(view).toEqual({
      taskId: view.taskId,
      status: "working",
      statusMessage: "begun",
      createdAt: "2026-01-01T00:00:00.000Z",
      lastUpdatedAt: "2026-01-01T00:00:00.000Z",
      ttlMs: 86_400_000,
      pollIntervalMs: 1000,
    });
    expect((await store.read(view.taskId))?.task).toMatchObject({
      owner: "ann",
      title: "held",
      args: { n: 1 },
    });
    finish({ content: [], gone: undefined });
    expect(await tasks.wait(view.taskId, ended)).toMatchObject({
      status: "completed",
      result: { content: [] },
    });
  });

  it("does no work when it cannot be stored", async () => {
    const full = { ...createMemoryTaskStore(), create: () => Promise.reject(new Error("disk full")) };
    const { tasks } = engine({ store: full, maxPerOwner: 1 });
    const work = vi.fn<() => Promise<Record<string, unknown>>>();
    await expect(tasks.start({ owner: "ann", title: "t", work })).rejects.toThrow("disk full");
    await expect(tasks.start({ owner: "ann", title: "t", work })).rejects.toThrow("disk full");
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    [new Error("broke"), { code: -32_603, message: "broke" }],
    [
      { code: -32_001, message: "odd\u001B[31m", data: { part: 1 } },
      { code: -32_001, message: "odd [31m", data: { part: 1 } },
    ],
    [
      new ParleyError("E_ARGUMENT_INVALID", "bad"),
      { code: -32_602, message: "bad", data: { code: "E_ARGUMENT_INVALID" } },
    ],
    ["text", { code: -32_603, message: "text" }],
  ])("fails with what its work throws: %o", async (thrown, error) => {
    const { tasks } = engine();
    const { call, fail } = heldCall();
    const { taskId } = await tasks.start(call);
    fail(thrown);
    expect(await tasks.wait(taskId, ended)).toMatchObject({
      status: "failed",
      error,
      statusMessage: error.message,
    });
  });

  it("completes when a tool ran and failed", async () => {
    const { tasks } = engine();
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    finish({ content: [], isError: true });
    expect(await tasks.wait(taskId, ended)).toMatchObject({ status: "completed", result: { isError: true } });
  });

  it("shows progress as its message, without control characters", async () => {
    const { tasks } = engine();
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    const seen: TaskView[] = [];
    tasks.onChange((view) => seen.push(view));
    (await running).progress(1, 4);
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ statusMessage: "1 of 4" }), patient);
    for (let done = 2; done < 100; done += 1) (await running).progress(done, 100, `part\n${done}`);
    await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ statusMessage: "part 99" }), patient);
    expect(seen).toHaveLength(2);
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "working", statusMessage: "part 99" });
  });
});

describe("[TASK-03] questions", () => {
  it("make a task wait for all answers, which may come one by one", async () => {
    const { tasks } = engine();
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    const answers = (await running).input({ one: ask("1?"), two: ask("2?") });
    expect(await tasks.wait(taskId, ended)).toMatchObject({
      status: "input_required",
      inputRequests: { one: ask("1?"), two: ask("2?") },
    });
    await tasks.update(taskId, "ann", { one: yes, never: yes });
    const rest = await tasks.get(taskId, "ann");
    expect(rest).toMatchObject({ status: "input_required", inputRequests: { two: ask("2?") } });
    expect(rest).not.toHaveProperty("inputRequests.one");
    await tasks.update(taskId, "ann", { one: { action: "decline" } });
    await tasks.update(taskId, "ann", { two: yes });
    expect(await answers).toEqual({ one: yes, two: yes });
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "working" });
  });

  it("never use a key twice", async () => {
    const { tasks } = engine();
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    for (const key of ["again", "again_2", "again_3"]) {
      const answer = (await running).input({ again: ask("?") });
      expect(await tasks.wait(taskId, ended)).toMatchObject({ inputRequests: { [key]: ask("?") } });
      await tasks.update(taskId, "ann", { [key]: yes });
      expect(await answer).toEqual({ again: yes });
    }
  });

  it("end with the task", async () => {
    const { tasks } = engine();
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    const answer = (await running).input({ one: ask("?") });
    const refused = codeOf(answer);
    await tasks.wait(taskId, ended);
    await tasks.cancel(taskId, "ann");
    expect(await refused).toBe("E_INTERRUPTED");
    await tasks.update(taskId, "ann", { one: yes });
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "cancelled" });
  });

  it("have a number of their own to end at", async () => {
    const { tasks } = engine();
    const { call, running } = heldCall();
    await tasks.start(call);
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`q${index}`, ask("?")]));
    expect(await codeOf((await running).input(many))).toBe("E_TASK_LIMIT");
  });
});

describe("[TASK-04] cancelling", () => {
  it("stops the work at once, and a late result changes nothing", async () => {
    const { tasks } = engine();
    const { call, running, finish } = heldCall({}, { stubborn: true });
    const { taskId } = await tasks.start(call);
    await tasks.cancel(taskId, "ann");
    expect((await running).signal.aborted).toBe(true);
    finish({ late: true });
    await sleep(10);
    expect(await tasks.get(taskId, "ann")).not.toHaveProperty("result");
    await tasks.cancel(taskId, "ann");
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "cancelled" });
  });

  it("leaves an ended task as it is", async () => {
    const { tasks } = engine();
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    finish({ n: 1 });
    const before = await tasks.wait(taskId, ended);
    await tasks.cancel(taskId, "ann");
    expect(await tasks.get(taskId, "ann")).toEqual(before);
  });
});

describe("[TASK-06] bounds", () => {
  it("a task is unknown to everybody but its owner", async () => {
    const { tasks } = engine();
    const { taskId } = await tasks.start(heldCall().call);
    for (const call of [
      tasks.get(taskId, "bob"),
      tasks.update(taskId, "bob", {}),
      tasks.cancel(taskId, "bob"),
      tasks.wait(taskId, { owner: "bob", timeoutMs: 0 }),
      tasks.get("never", "ann"),
    ]) {
      expect(await codeOf(call)).toBe("E_TASK_UNKNOWN");
    }
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "working" });
  });

  it("lets a result be fetched for its retention, then forgets it", async () => {
    const { tasks, clock, store } = engine({ ttlMs: 1000, retentionMs: 5000 });
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    clock.advance(900);
    finish({ n: 1 });
    expect(await tasks.wait(taskId, ended)).toMatchObject({ status: "completed", ttlMs: 5900 });
    clock.advance(4999);
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "completed" });
    clock.advance(1);
    expect(await codeOf(tasks.get(taskId, "ann"))).toBe("E_TASK_UNKNOWN");
    expect(await store.read(taskId)).toBeUndefined();
  });

  it("stops a task that outlives its time", async () => {
    const { tasks, clock } = engine({ ttlMs: 1000 });
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    clock.advance(1000);
    await tasks.sweep();
    expect((await running).signal.aborted).toBe(true);
    expect(await tasks.get(taskId, "ann")).toMatchObject({
      status: "failed",
      error: { data: { code: "E_TASK_EXPIRED" } },
    });
  });

  it("limits what an owner holds and what runs at once", async () => {
    const { tasks, clock } = engine({ maxPerOwner: 2, maxRunning: 3, ttlMs: 1000, retentionMs: 1000 });
    const first = heldCall();
    const { taskId } = await tasks.start(first.call);
    await tasks.start(heldCall().call);
    expect(await codeOf(tasks.start(heldCall().call))).toBe("E_TASK_LIMIT");
    first.finish({});
    await tasks.wait(taskId, ended);
    expect(await codeOf(tasks.start(heldCall().call))).toBe("E_TASK_LIMIT");
    const others = await Promise.allSettled(
      ["bob", "cleo", "dan"].map((owner) => tasks.start(heldCall({ owner }).call)),
    );
    expect(others.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    clock.advance(1000);
    await tasks.sweep();
    expect(await tasks.start(heldCall().call)).toMatchObject({ status: "working" });
  });

  it("refuses to keep a result that is too large", async () => {
    const { tasks } = engine({ maxResultBytes: 100 });
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    finish({ content: "é".repeat(50) });
    expect(await tasks.wait(taskId, ended)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("100"), data: { code: "E_TASK_RESULT" } },
    });
  });
});

describe("[TASK-07] a process that goes", () => {
  it("fails what runs when it closes, after a grace", async () => {
    const { tasks, store } = engine();
    const quick = heldCall();
    const slow = heldCall({}, { stubborn: true });
    const first = await tasks.start(quick.call);
    const second = await tasks.start(slow.call);
    const closed = tasks.close(100);
    quick.finish({ n: 1 });
    await closed;
    expect((await slow.running).signal.aborted).toBe(true);
    slow.finish({ n: 2 });
    const next = engine({ store });
    expect(await next.tasks.get(first.taskId, "ann")).toMatchObject({ status: "completed" });
    expect(await next.tasks.get(second.taskId, "ann")).toMatchObject({
      status: "failed",
      error: { data: { code: "E_TASK_LOST" } },
    });
    expect(await codeOf(tasks.start(heldCall().call))).toBe("E_SERVER_CLOSING");
  });

  it("is believed to live until its lease is over", async () => {
    const { tasks, store, clock } = engine();
    const { call, running, finish } = heldCall({}, { stubborn: true });
    const { taskId } = await tasks.start(call);
    const other = engine({ store, clock });
    await other.tasks.sweep();
    expect(await other.tasks.get(taskId, "ann")).toMatchObject({ status: "working" });
    clock.advance(30_001);
    expect(await other.tasks.get(taskId, "ann")).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("start the task again"), data: { code: "E_TASK_LOST" } },
    });
    await vi.waitFor(async () => expect((await running).signal.aborted).toBe(true), patient);
    finish({ n: 1 });
    await sleep(10);
    expect(await tasks.get(taskId, "ann")).toMatchObject({ status: "failed" });
  });

  it("is followed by one that knows how to go on", async () => {
    const { tasks, store, clock } = engine();
    const { call, running, finish } = heldCall({ args: { n: 20 } }, { stubborn: true });
    const { taskId } = await tasks.start(call);
    const asked = (await running).input({ sure: ask("?") });
    asked.catch(() => undefined);
    await tasks.wait(taskId, ended);
    clock.advance(30_001);
    const resume =
      ({ args }: OrphanedTask) =>
      async () => ({ n: Number(args?.["n"]) + 1 });
    const others = [1, 2].map(() => engine({ store, clock, resume }).tasks);
    await Promise.all(others.map((other) => other.sweep()));
    finish({ n: 0 });
    await vi.waitFor(
      async () =>
        expect(await others[0]?.get(taskId, "ann")).toMatchObject({ status: "completed", result: { n: 21 } }),
      patient,
    );
  });

  it("is told apart from a store that lost a result", async () => {
    const memory = createMemoryTaskStore();
    let broken = false;
    const store = {
      ...memory,
      replace: (...given: Parameters<typeof memory.replace>) =>
        broken ? Promise.reject(new Error("disk full")) : memory.replace(...given),
    };
    const { tasks, errors } = engine({ store });
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    broken = true;
    finish({ n: 1 });
    await vi.waitFor(() => expect(errors).toEqual([new Error("disk full")]), patient);
    broken = false;
    expect(await tasks.get(taskId, "ann")).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("could not be stored") },
    });
  });
});

describe("two processes on one store", () => {
  it("cancel and answer each other's tasks", async () => {
    const { tasks, store, clock } = engine();
    const other = engine({ store, clock });
    const { call, running } = heldCall();
    const { taskId } = await tasks.start(call);
    const answer = (await running).input({ sure: ask("?") });
    await vi.waitFor(
      async () => expect(await other.tasks.get(taskId, "ann")).toMatchObject({ status: "input_required" }),
      patient,
    );
    await other.tasks.update(taskId, "ann", { sure: yes });
    expect(await answer).toEqual({ sure: yes });
    await other.tasks.cancel(taskId, "ann");
    await vi.waitFor(async () => expect((await running).signal.aborted).toBe(true), patient);
  });

  it("waits for a task that runs elsewhere, no longer than it is told", async () => {
    const { tasks, store, clock } = engine({ pollIntervalMs: 20 });
    const other = engine({ store, clock, pollIntervalMs: 20 });
    const { call, finish } = heldCall();
    const { taskId } = await tasks.start(call);
    expect(await other.tasks.wait(taskId, { owner: "ann", timeoutMs: 30 })).toMatchObject({
      status: "working",
    });
    const controller = new AbortController();
    const waiting = other.tasks.wait(taskId, { ...ended, signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    finish({ n: 1 });
    expect(await other.tasks.wait(taskId, ended)).toMatchObject({ status: "completed" });
  });
});
