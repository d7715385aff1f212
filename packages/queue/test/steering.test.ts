import { describe, expect, it } from "vitest";
import { accepted, codeOf, open, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`steering single tasks ${missing ?? ""}`, () => {
  it("claims a task by its id, out of turn and once", async () => {
    const { queue, submit } = await open();
    await submit({ priority: 1 });
    const id = await submit({ priority: 9, queue: "other" });
    const [lease] = await queue.claim({ worker: "w", ids: [id, id], limit: 5 });
    expect(lease).toMatchObject({ id, attempt: 1, queue: "other" });
    expect(await queue.claim({ worker: "v", ids: [id] })).toEqual([]);
    expect(await queue.claim({ worker: "v", ids: ["task_1_none"] })).toEqual([]);
  });

  it("keeps every limit for a claim by id", async () => {
    const { queue, submit } = await open({ limits: { perKey: 1, queues: { slow: { concurrency: 1 } } } });
    const slow = [await submit({ queue: "slow" }), await submit({ queue: "slow" })];
    expect(await queue.claim({ worker: "w", ids: slow, limit: 2 })).toHaveLength(1);
    const keyed = [await submit({ concurrencyKey: "k" }), await submit({ concurrencyKey: "k" })];
    expect(await queue.claim({ worker: "w", ids: keyed, limit: 2 })).toHaveLength(1);
    const held = await submit({ queue: "held" });
    await queue.pauseQueue("held");
    expect(await queue.claim({ worker: "w", ids: [held] })).toEqual([]);
  });

  it("ends the pause before the next attempt and tells it why", async () => {
    const { queue, submit, claim, stateOf } = await open();
    const id = await submit();
    await queue.fail(await claim(), { class: "retryable", message: "no" });
    expect(await stateOf(id)).toBe("retry_wait");
    expect(accepted(await queue.retry(id, { feedback: "try harder", actor: "ann" })).state).toBe("pending");
    expect(accepted(await queue.retry(id, { feedback: "and faster" })).repeated).toBe(true);
    const lease = await claim();
    expect(lease.notes.map(({ value }) => value)).toEqual(["try harder", "and faster"]);
    expect(lease.failures).toBe(1);
    expect(codeOf(await queue.retry(id))).toBe("wrong_state");
    expect(codeOf(await queue.retry("task_1_none"))).toBe("unknown_task");
  });

  it("takes a task from its worker, who is fenced from then on", async () => {
    const { queue, submit, claim, stateOf } = await open();
    const id = await submit();
    const lease = await claim();
    expect(accepted(await queue.revoke(id, { actor: "ann" })).state).toBe("pending");
    expect(codeOf(await queue.complete(lease, 1))).toBe("stale_lease");
    expect(codeOf(await queue.revoke(id))).toBe("wrong_state");
    const next = await claim();
    await queue.cancel(id);
    expect(accepted(await queue.revoke(id)).state).toBe("cancelled");
    expect(await stateOf(next.id)).toBe("cancelled");
  });
});

describe.skipIf(missing !== undefined)(`steering many tasks ${missing ?? ""}`, () => {
  it("resets everything in one commit, after saying what it would do", async () => {
    const { queue, submit, claim, stateOf } = await open();
    const [done, failing, running] = [await submit(), await submit(), await submit()];
    await queue.complete(await claim(), "result");
    await queue.fail(await claim(), { class: "retryable", message: "no" });
    const lease = await claim();
    const plan = await queue.reset();
    expect(plan).toEqual({ done: false, again: [done], revoked: [running], hurried: [failing], more: false });
    expect(await stateOf(failing)).toBe("retry_wait");
    expect((await queue.reset({ limit: 2 })).more).toBe(true);
    const made = await queue.reset({ confirm: true, actor: "ann" });
    expect(made).toMatchObject({ done: true, revoked: [running], hurried: [failing] });
    expect(await queue.get(made.again[0] ?? "")).toMatchObject({ state: "pending", redriveOf: done });
    expect(await Promise.all([stateOf(failing), stateOf(running)])).toEqual(["pending", "pending"]);
    expect(codeOf(await queue.complete(lease, 1))).toBe("stale_lease");
    expect((await queue.reset()).again).toEqual([]);
  });

  it("forgets and runs again by state", async () => {
    const { queue, submit, claim } = await open();
    const [done, dead] = [await submit(), await submit()];
    await queue.complete(await claim(), "result");
    await queue.fail(await claim(), { class: "permanent", message: "no" });
    const forget = { olderThanMs: 0, states: ["completed"] as const, confirm: true };
    const again = await queue.redrive({ states: ["failed"], feedback: "with care", confirm: true });
    expect((await queue.prune({ ...forget, states: [...forget.states] })).ids).toEqual([done]);
    expect(await queue.get(dead)).toMatchObject({ state: "failed" });
    expect(await queue.get(again.ids[0] ?? "")).toMatchObject({
      redriveOf: dead,
      notes: [{ kind: "feedback", value: "with care" }],
    });
  });
});
