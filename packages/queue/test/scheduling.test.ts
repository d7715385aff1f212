import { createQueue } from "@parley/queue";
import { describe, expect, it } from "vitest";
import { accepted, codeOf, errorOf, open, scratch, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`what is claimed next ${missing ?? ""}`, () => {
  it("goes by priority, then by age", async () => {
    const { queue, submit, advance } = await open();
    const ids: string[] = [];
    for (const priority of [5, 1, 10, 1]) {
      ids.push(await submit({ priority }));
      await advance(1);
    }
    const order = (await queue.claim({ worker: "w", limit: 10 })).map(({ id }) => ids.indexOf(id));
    expect(order).toEqual([1, 3, 0, 2]);
  });

  it("lets the lowest priority age past the highest", async () => {
    const { submit, claim, advance } = await open({ agingMs: 60_000 });
    const old = await submit({ priority: 10 });
    await advance(9 * 60_000 + 1);
    await submit({ priority: 1 });
    expect((await claim()).id).toBe(old);
  });

  it("merges several queues and passes by paused ones", async () => {
    const { queue, submit } = await open();
    const slow = await submit({ queue: "slow", priority: 9 });
    const fast = await submit({ queue: "fast", priority: 2 });
    await queue.pauseQueue("slow", { actor: "ann", reason: "breaker" });
    await queue.pauseQueue("slow");
    expect((await queue.stats()).queues["slow"]?.pausedFor).toBe("breaker");
    const queues = ["slow", "fast"];
    expect((await queue.claim({ worker: "w", queues, limit: 5 })).map(({ id }) => id)).toEqual([fast]);
    await queue.resumeQueue("slow");
    await queue.resumeQueue("slow");
    expect((await queue.claim({ worker: "w", queues, limit: 5 })).map(({ id }) => id)).toEqual([slow]);
  });

  it("keeps every concurrency limit", async () => {
    const limits = { concurrency: 5, queues: { a: { concurrency: 3 } } };
    const { queue, submit } = await open({ limits });
    for (let index = 0; index < 10; index += 1) for (const name of ["a", "b"]) await submit({ queue: name });
    const claim = async (...queues: string[]) => await queue.claim({ worker: "w", queues, limit: 10 });
    const first = await claim("a", "b");
    expect(first.filter((lease) => lease.queue === "a").length).toBeLessThanOrEqual(3);
    expect(first).toHaveLength(5);
    expect(await claim("a", "b")).toEqual([]);
    const [one] = first;
    if (one) await queue.complete(one);
    expect(await claim("b")).toHaveLength(1);
    expect((await queue.check()).problems).toEqual([]);
  });

  it("runs at most so many tasks of a key and never forgets one", async () => {
    const { queue, submit } = await open({ limits: { perKey: 2 } });
    const names = ["x", "y"];
    for (let index = 0; index < 150; index += 1) await submit({ concurrencyKey: "x" });
    for (let index = 0; index < 3; index += 1) await submit({ concurrencyKey: "y" });
    const free = await submit();
    const first = await queue.claim({ worker: "w", limit: 10 });
    expect(first.map(({ id }) => id)).toContain(free);
    expect(first).toHaveLength(5);
    let completed = 0;
    for (let leases = first; leases.length > 0; leases = await queue.claim({ worker: "w", limit: 10 })) {
      for (const name of names) {
        const running = await queue.list({ states: ["running"], limit: 1000 });
        expect(
          running.tasks.filter(({ concurrencyKey }) => concurrencyKey === name).length,
        ).toBeLessThanOrEqual(2);
      }
      for (const lease of leases) completed += accepted(await queue.complete(lease)).ok ? 1 : 0;
    }
    expect(completed).toBe(154);
  });

  it("still finds a parked task when the one before it is cancelled", async () => {
    const { queue, submit, claim } = await open({ limits: { perKey: 1 } });
    const ids = [];
    for (let index = 0; index < 4; index += 1) ids.push(await submit({ concurrencyKey: "k" }));
    const lease = await claim();
    expect(await queue.claim({ worker: "w" })).toEqual([]);
    await queue.complete(lease);
    await queue.cancel(ids[1] ?? "");
    expect((await claim()).id).toBe(ids[2]);
  });

  it("starts no faster than the rate, also after a clock jump", async () => {
    const { queue, submit, advance, jump } = await open({
      limits: { queues: { default: { rate: { perSecond: 2, burst: 4 } } } },
    });
    for (let index = 0; index < 30; index += 1) await submit();
    const take = async () => (await queue.claim({ worker: "w", limit: 100 })).length;
    expect(await take()).toBe(4);
    expect(await take()).toBe(0);
    await advance(500);
    expect(await take()).toBe(1);
    jump(300_000);
    expect(await take()).toBe(0);
    await advance(60_000);
    expect(await take()).toBe(4);
  });

  it("neither ends nor doubles a lease when the wall clock jumps", async () => {
    const { queue, submit, claim, jump, advance } = await open();
    await submit();
    const lease = await claim();
    for (const milliseconds of [300_000, -600_000, 300_000]) {
      jump(milliseconds);
      await queue.sweep();
      expect(await queue.claim({ worker: "thief" })).toEqual([]);
      expect(codeOf(await queue.heartbeat(lease))).toBe("ok");
    }
    await advance(29_999);
    expect(codeOf(await queue.complete(lease))).toBe("ok");
  });

  it("follows the wall clock for schedules", async () => {
    const { stateOf, queue, submit, jump, wall } = await open();
    const id = await submit({ runAt: new Date(wall.now() + 60_000).toISOString() });
    jump(60_000);
    await queue.sweep();
    expect(await stateOf(id)).toBe("pending");
  });

  it("waits for work, and wakes for a new task, a freed slot and a signal", async () => {
    const directory = await scratch();
    const queue = await createQueue({ path: `${directory}/q.db`, limits: { concurrency: 1 } });
    const waiting = queue.claim({ worker: "w" }, { waitMs: 10_000 });
    await queue.submit({});
    const [lease] = await waiting;
    const next = queue.claim({ worker: "w" }, { waitMs: 10_000 });
    await queue.submit({});
    if (lease) await queue.complete(lease);
    expect(await next).toHaveLength(1);
    const stop = new AbortController();
    const never = queue.claim({ worker: "w" }, { waitMs: 10_000, signal: stop.signal });
    stop.abort();
    expect(await never).toEqual([]);
    expect(await queue.claim({ worker: "w" }, { waitMs: 10_000, signal: stop.signal })).toEqual([]);
    await queue.close();
  });

  it("drains: no more leases, and an end when the last one is back", async () => {
    const { queue, submit, claim, advance } = await open();
    await submit();
    await submit();
    const lease = await claim();
    expect(await queue.drain({ timeoutMs: 0 })).toBe(false);
    expect(await queue.claim({ worker: "w" })).toEqual([]);
    const drained = queue.drain({ timeoutMs: 1000 });
    await queue.complete(lease);
    expect(await drained).toBe(true);
    await advance(1);
  });
});

describe.skipIf(missing !== undefined)(`what depends on what ${missing ?? ""}`, () => {
  it("runs a flow in order and shows parents' results", async () => {
    const { queue, claim, stateOf } = await open();
    const outcomes = await queue.submitFlow([
      { ref: "join", dependsOn: ["left", "right"] },
      { ref: "left", dependsOn: ["root"] },
      { ref: "right", dependsOn: ["root"] },
      { ref: "root" },
    ]);
    const [join, left, , root] = outcomes.map((outcome) => accepted(outcome).id);
    expect(await queue.claim({ worker: "w", limit: 10 })).toMatchObject([{ id: root }]);
    await queue.cancel("none");
    const held = await queue.get(root ?? "");
    expect(held?.state).toBe("running");
    expect(await stateOf(join ?? "")).toBe("blocked");
    expect((await queue.list({ states: ["blocked"] })).tasks).toHaveLength(3);
    await queue.check();
    expect(await stateOf(left ?? "")).toBe("blocked");
    expect(claim).toBeDefined();
  });

  it("unblocks level by level", async () => {
    const { queue, claim, stateOf } = await open();
    const [child, parent] = (await queue.submitFlow([{ ref: "c", dependsOn: ["p", "p"] }, { ref: "p" }])).map(
      (o) => accepted(o).id,
    );
    await queue.complete(await claim(), { made: "bread" });
    expect(await stateOf(child ?? "")).toBe("pending");
    expect(await queue.parents(child ?? "")).toMatchObject([{ id: parent, result: { made: "bread" } }]);
    expect(await queue.parents("nobody")).toEqual([]);
  });

  it.each([
    ["fail", "failed"],
    ["skip", "skipped"],
    ["continue", "pending"],
  ] as const)("applies the policy %s to children and grandchildren", async (onParentFailure, state) => {
    const { queue, claim, stateOf } = await open();
    const outcomes = await queue.submitFlow([
      { ref: "p", priority: 1 },
      { ref: "c", dependsOn: ["p"], onParentFailure },
      { ref: "g", dependsOn: ["c"], onParentFailure },
      { ref: "idle" },
    ]);
    const [parent = "", child = "", grandchild = ""] = outcomes.map((outcome) => accepted(outcome).id);
    await queue.fail(await claim(), { class: "permanent", message: "no" });
    expect(await stateOf(child)).toBe(state);
    expect(await stateOf(grandchild)).toBe(state === "pending" ? "blocked" : state);
    const late = accepted(await queue.submit({ dependsOn: [parent], onParentFailure }));
    expect(late.state).toBe(state);
  });

  it("fails paused children of a failed parent, and unblocks them paused when it does well", async () => {
    const { queue, claim, stateOf, submit } = await open();
    const parent = await submit();
    const [one, two] = [
      await submit({ dependsOn: [parent] }),
      await submit({ dependsOn: [parent], onParentFailure: "continue" }),
    ];
    await queue.pause(one);
    await queue.pause(two);
    await queue.fail(await claim(), { class: "permanent", message: "no" });
    expect([await stateOf(one), await stateOf(two)]).toEqual(["failed", "paused"]);
    expect(accepted(await queue.resume(two)).state).toBe("pending");
  });

  it("refuses circles, twins and strangers without leaving anything behind", async () => {
    const { queue } = await open();
    const codes = async (...tasks: Parameters<typeof queue.submitFlow>[0][number][]) =>
      (await queue.submitFlow(tasks)).map(codeOf);
    expect(await codes({ ref: "a", dependsOn: ["b"] }, { ref: "b", dependsOn: ["a"] }, { ref: "c" })).toEqual(
      Array.from({ length: 3 }, () => "dependency_cycle"),
    );
    expect(await codes({ ref: "a", dependsOn: ["a"] })).toEqual(["dependency_cycle"]);
    expect(await codes({ ref: "a" }, { ref: "a" })).toEqual(["duplicate_ref", "duplicate_ref"]);
    expect(await codes({ ref: "a" }, { ref: "b", dependsOn: ["task_9_x"] })).toEqual([
      "not_done",
      "dependency_unknown",
    ]);
    expect(codeOf(await queue.submit({ dependsOn: ["nobody"] }))).toBe("dependency_unknown");
    expect(await errorOf(queue.submitFlow([]))).toBe("E_ARGUMENT_INVALID");
    expect(await queue.list()).toEqual({ tasks: [] });
    expect(await queue.events()).toEqual([]);
  });
});
