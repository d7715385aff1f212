import type { TaskRecord, TaskStore } from "@parley/mcp-tasks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A fresh store and how to open a second handle on it. */
export interface TaskStoreUnderTest {
  readonly store: TaskStore;
  /** A second handle on the same tasks; absent where a store cannot be shared. */
  readonly reopen?: (() => Promise<TaskStore>) | undefined;
  /** Removes what the store left behind. */
  readonly remove?: (() => Promise<void>) | undefined;
}

/** Options of {@link describeTaskStore}. */
export interface DescribeTaskStoreOptions {
  /** Says why the store cannot run here; the suite is then skipped under that sentence. */
  readonly skip?: string | undefined;
}

/** A task that works, for tests. */
export function taskRecord(known: Partial<TaskRecord> = {}): TaskRecord {
  return {
    taskId: "task-1",
    owner: "ann",
    title: "slow",
    status: "working",
    createdAt: "2026-01-01T00:00:00.000Z",
    lastUpdatedAt: "2026-01-01T00:00:00.000Z",
    ttlMs: 60_000,
    pollIntervalMs: 1000,
    runner: "runner-1",
    inputRequests: {},
    inputResponses: {},
    usedKeys: [],
    ...known,
  };
}

const full = taskRecord({
  args: { deep: [1, null, { a: "é\u0000" }] },
  status: "input_required",
  statusMessage: "3 of 4",
  inputRequests: { "a b": { method: "elicitation/create", params: { message: "?" } } },
  inputResponses: { first: { action: "accept", content: { ok: true } } },
  usedKeys: ["first", "a b"],
  result: { content: [{ type: "text", text: "x" }], isError: true },
  error: { code: -32_603, message: "no", data: { list: [1] } },
});

type Subject = () => TaskStoreUnderTest;

function describeTasks(subject: Subject): void {
  it("reads what was created, and creates an id once", async () => {
    const { store } = subject();
    expect(await store.read("task-1")).toBeUndefined();
    const made = await Promise.all(Array.from({ length: 10 }, () => store.create(full)));
    expect(made.filter((fresh) => fresh)).toHaveLength(1);
    expect((await store.read("task-1"))?.task).toEqual(full);
  });

  it("keeps its own copy", async () => {
    const { store } = subject();
    const task = taskRecord({ args: { list: [1] } });
    await store.create(task);
    task.usedKeys.push("changed");
    const found = await store.read("task-1");
    found?.task.usedKeys.push("changed too");
    expect((await store.read("task-1"))?.task.usedKeys).toEqual([]);
  });

  it("lets one of many writers of a version win", async () => {
    const { store } = subject();
    await store.create(taskRecord());
    const version = (await store.read("task-1"))?.version ?? 0;
    const writes = Array.from({ length: 10 }, (_, index) =>
      store.replace(taskRecord({ statusMessage: `${index}` }), version),
    );
    const won = (await Promise.all(writes)).filter((stored) => stored !== undefined);
    expect(won).toHaveLength(1);
    expect(await store.read("task-1")).toEqual(won[0]);
    expect(await store.replace(taskRecord(), version)).toBeUndefined();
    expect(await store.replace(taskRecord(), won[0]?.version ?? 0)).toBeDefined();
  });

  it("does not bring back what was removed", async () => {
    const { store } = subject();
    await store.create(taskRecord());
    const version = (await store.read("task-1"))?.version ?? 0;
    await store.remove("task-1");
    await store.remove("task-1");
    expect(await store.replace(taskRecord(), version)).toBeUndefined();
    expect(await store.read("task-1")).toBeUndefined();
  });

  it("pages through tasks in order of id", async () => {
    const { store } = subject();
    for (const digit of [3, 1, 5, 2, 4]) await store.create(taskRecord({ taskId: `t${digit}` }));
    const ids = async (after: string | undefined, limit: number) =>
      (await store.page(after, limit)).map(({ task }) => task.taskId);
    expect(await ids(undefined, 2)).toEqual(["t1", "t2"]);
    expect(await ids("t2", 2)).toEqual(["t3", "t4"]);
    expect(await ids("t4", 2)).toEqual(["t5"]);
    expect(await ids("t5", 2)).toEqual([]);
  });
}

function describeRunners(subject: Subject): void {
  it("remembers until when a runner lives, until it is told to forget", async () => {
    const { store } = subject();
    expect(await store.aliveUntil("r")).toBe(0);
    await store.beat("r", 10);
    await store.beat("r", 20);
    await store.beat("other", 5);
    expect(await store.aliveUntil("r")).toBe(20);
    await store.beat("r", 0);
    expect([await store.aliveUntil("r"), await store.aliveUntil("other")]).toEqual([0, 5]);
    expect(await store.page(undefined, 10)).toEqual([]);
  });

  it("shares tasks and runners between handles", async ({ skip }) => {
    const { store, reopen } = subject();
    skip(reopen === undefined, "this store lives in one handle");
    const other = await reopen?.();
    await store.create(full);
    await store.beat("r", 7);
    const found = await other?.read("task-1");
    expect(found?.task).toEqual(full);
    expect(await other?.aliveUntil("r")).toBe(7);
    expect(await other?.replace(taskRecord(), found?.version ?? 0)).toBeDefined();
    expect(await store.replace(full, found?.version ?? 0)).toBeUndefined();
  });
}

/**
 * The behaviour every TaskStore has in common.
 * @param create - makes an empty store for one test.
 */
export function describeTaskStore(
  name: string,
  create: () => Promise<TaskStoreUnderTest>,
  { skip }: DescribeTaskStoreOptions = {},
): void {
  const title = skip === undefined ? name : `${name}: ${skip}`;
  describe.skipIf(skip !== undefined)(`task store ${title}`, () => {
    let current: TaskStoreUnderTest;
    beforeEach(async () => {
      current = await create();
    });
    afterEach(async () => {
      await current.remove?.();
    });
    describeTasks(() => current);
    describeRunners(() => current);
  });
}
