import { describe, expect, it } from "vitest";
import { accepted, codeOf, errorOf, open, sqliteMissing } from "./_open.ts";

const debounced = (payload: number) => ({
  payload,
  dedup: { key: "k", mode: "debounce" as const, windowMs: 1000 },
});

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`submitting twice ${missing ?? ""}`, () => {
  it("gives the same task for the same key and content", async () => {
    const { queue, advance, submit } = await open();
    const task = { idempotencyKey: "k", payload: { b: 1, a: [2] } };
    const id = await submit(task);
    expect(await queue.submit({ ...task, payload: { a: [2], b: 1 } })).toMatchObject({ id, repeated: true });
    expect(codeOf(await queue.submit({ ...task, payload: {} }))).toBe("idempotency_conflict");
    expect(codeOf(await queue.submit({ ...task, priority: 1 }))).toBe("idempotency_conflict");
    expect(accepted(await queue.submit({ ...task, actor: "ann" })).id).not.toBe(id);
    expect(accepted(await queue.submit({ ...task, queue: "other" })).id).not.toBe(id);
    await advance(7 * 86_400_000);
    expect(accepted(await queue.submit(task)).id).not.toBe(id);
  });

  it("gives it also in one turn of the event loop", async () => {
    const { queue } = await open();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => queue.submit({ idempotencyKey: "k" })),
    );
    expect(new Set(outcomes.map((outcome) => accepted(outcome).id)).size).toBe(1);
  });

  it("keeps one unfinished task per key in mode simple", async () => {
    const { queue, submit, claim } = await open();
    const task = { dedup: { key: "k", mode: "simple" as const } };
    const id = await submit(task);
    expect(await submit(task)).toBe(id);
    await queue.complete(await claim());
    expect(await submit(task)).not.toBe(id);
  });

  it("keeps one task per window in mode throttle", async () => {
    const { queue, submit, claim, advance } = await open();
    const task = { dedup: { key: "k", mode: "throttle" as const, windowMs: 1000 } };
    const id = await submit(task);
    await queue.complete(await claim());
    await advance(999);
    expect(await submit(task)).toBe(id);
    await advance(1);
    expect(await submit(task)).not.toBe(id);
  });

  it("waits for calm and takes the last in mode debounce", async () => {
    const { submit, claim, advance, stateOf } = await open();
    const id = await submit(debounced(1));
    await advance(900);
    expect(await submit(debounced(2))).toBe(id);
    await advance(900);
    expect(await stateOf(id)).toBe("scheduled");
    await advance(100);
    expect((await claim()).payload).toBe(2);
    expect(await submit(debounced(3))).not.toBe(id);
  });
});

describe.skipIf(missing !== undefined)(`batches ${missing ?? ""}`, () => {
  it("answer for each command and do what can be done", async () => {
    const { queue, submit, claim } = await open();
    await submit();
    const lease = await claim();
    const outcomes = await queue.batch([
      { command: "submit", task: { payload: 1 } },
      { command: "complete", lease, result: 1 },
      { command: "cancel", id: "nobody" },
      { command: "fail", lease, failure: { class: "permanent", message: "x" } },
    ]);
    expect(outcomes.map(codeOf)).toEqual(["ok", "ok", "unknown_task", "stale_lease"]);
    expect((await queue.list()).tasks.map(({ state }) => state)).toEqual(["completed", "pending"]);
  });

  it("undo everything when atomic and one is refused, and nothing of their neighbours", async () => {
    const { queue } = await open();
    const before = await queue.submit({});
    const [outcomes, beside] = await Promise.all([
      queue.batch(
        [
          { command: "submit", task: {} },
          { command: "cancel", id: "nobody" },
        ],
        { atomic: true },
      ),
      queue.submit({}),
    ]);
    expect(outcomes.map(codeOf)).toEqual(["not_done", "unknown_task"]);
    const { tasks } = await queue.list();
    expect(tasks.map(({ id }) => id)).toEqual([accepted(before).id, accepted(beside).id]);
    expect((await queue.stats()).queues["default"]?.ready).toBe(2);
    const done = await queue.batch(
      [
        { command: "submit", task: {} },
        { command: "submit", task: {} },
      ],
      { atomic: true },
    );
    expect(done.map(codeOf)).toEqual(["ok", "ok"]);
  });
});

describe.skipIf(missing !== undefined)(`the dead and the finished ${missing ?? ""}`, () => {
  const permanent = { class: "permanent", message: "no" } as const;

  it("run again as new tasks, once, after a plan", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit({ payload: { n: 1 }, kind: "sum", priority: 2, concurrencyKey: "k" });
    const other = await submit({ queue: "other" });
    await queue.fail(await claim(), permanent);
    expect(await queue.redrive({ queue: "default" })).toEqual({ tasks: 1, done: false, ids: [id] });
    expect(await queue.redrive({ ids: [other] })).toMatchObject({ tasks: 0 });
    const { ids } = await queue.redrive({ ids: [id], kind: "sum", actor: "ann", confirm: true });
    expect(await queue.get(ids[0] ?? "")).toMatchObject({
      state: "pending",
      payload: { n: 1 },
      redriveOf: id,
      priority: 2,
      concurrencyKey: "k",
    });
    expect(await queue.get(id)).toMatchObject({ state: "failed", error: { message: "no" } });
    expect(await queue.redrive({ confirm: true })).toEqual({ tasks: 0, done: true, ids: [] });
  });

  it("keep their order when a parent and its child are redriven", async () => {
    const { queue, submit, claim, stateOf } = await open();
    const parent = await submit();
    await submit({ dependsOn: [parent] });
    await queue.fail(await claim(), permanent);
    const [first = "", second = ""] = (await queue.redrive({ confirm: true })).ids;
    expect([await stateOf(first), await stateOf(second)]).toEqual(["pending", "blocked"]);
    await queue.complete(await claim());
    expect(await stateOf(second)).toBe("pending");
  });

  it("are forgotten by age, but not while an unfinished task depends on them", async () => {
    const { queue, submit, claim, advance, stateOf } = await open();
    const parent = await submit({ idempotencyKey: "k", dedup: { key: "d", mode: "simple" } });
    const child = await submit({ dependsOn: [parent] });
    const lone = await submit({ priority: 1 });
    await queue.complete(await claim());
    await queue.complete(await claim());
    await advance(8 * 86_400_000);
    const request = { olderThanMs: 86_400_000 };
    expect(await queue.prune(request)).toEqual({ tasks: 1, done: false, ids: [lone] });
    expect(await queue.prune({ ...request, queue: "other", confirm: true })).toMatchObject({ tasks: 0 });
    expect(await queue.prune({ ...request, confirm: true })).toMatchObject({ tasks: 1, done: true });
    expect([await stateOf(lone), await stateOf(parent)]).toEqual([undefined, "completed"]);
    expect((await queue.check()).problems).toEqual([]);
    await queue.complete(await claim());
    await advance(8 * 86_400_000);
    await queue.prune({ ...request, confirm: true });
    expect((await queue.list()).tasks).toEqual([]);
    const fresh = await submit({ idempotencyKey: "k" });
    expect(fresh).not.toBe(parent);
    expect(await stateOf(child)).toBeUndefined();
    await queue.prune({ olderThanMs: 0, confirm: true });
    const report = await queue.check();
    expect(report.problems).toEqual([]);
    expect((await queue.events())[0]).toMatchObject({ type: "submitted", taskId: fresh });
  });

  it("are listed in pages by state, queue and kind", async () => {
    const { queue, submit, claim } = await open();
    for (let index = 0; index < 25; index += 1) await submit({ kind: index % 2 === 0 ? "even" : "odd" });
    await submit({ queue: "other" });
    const seen: number[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: Awaited<ReturnType<typeof queue.list>> = await queue.list({
        states: ["pending"],
        queue: "default",
        limit: 7,
        after,
      });
      seen.push(...page.tasks.map(({ seq }) => seq));
      after = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect((await queue.list({ kind: "odd" })).tasks).toHaveLength(12);
    const lease = await claim();
    await queue.complete(lease);
    await claim();
    expect((await queue.list({ states: ["running", "completed"] })).tasks).toHaveLength(2);
    expect((await queue.list({ states: ["running", "failed"] })).tasks).toHaveLength(1);
    expect((await queue.list({ states: ["verifying"] })).tasks).toHaveLength(0);
  });
});

describe("options and queries", () => {
  it.each([
    { leaseMs: 0 },
    { maxAttempts: Number.NaN },
    { sweepMs: -1 },
    { backoff: { baseMs: -1, capMs: 1 } },
    { limits: { perKey: 0 } },
    { limits: { queues: { q: { concurrency: -1 } } } },
    { limits: { queues: { q: { rate: { perSecond: Number.NaN } } } } },
  ])("refuses %j by name", async (options) => {
    await expect(open(options)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });

  it.skipIf(missing !== undefined)("refuses pages and waits that mean nothing", async () => {
    const { queue } = await open();
    for (const query of [{ after: -1 }, { limit: 0 }, { limit: Number.NaN }, { after: 1.5 }]) {
      expect(await errorOf(queue.events(query))).toBe("E_ARGUMENT_INVALID");
      expect(await errorOf(queue.list(query))).toBe("E_ARGUMENT_INVALID");
    }
    expect(await queue.claim({ worker: "w" }, { waitMs: Number.NaN })).toEqual([]);
    expect(await errorOf(queue.prune({ olderThanMs: -1 }))).toBe("E_ARGUMENT_INVALID");
    expect(await errorOf(queue.redrive({ limit: 0 }))).toBe("E_ARGUMENT_INVALID");
  });
});
