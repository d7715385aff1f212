import type { Failure, LeaseRef } from "@parley/queue";
import { describe, expect, it } from "vitest";
import { accepted, codeOf, errorOf, open, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();
const retryable: Failure = { class: "retryable", message: "no luck" };

describe.skipIf(missing !== undefined)(`life of a task ${missing ?? ""}`, () => {
  it("is claimed once, completed once, and keeps its result", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit({ payload: { n: 1 }, kind: "sum" });
    const lease = await claim();
    expect(lease).toMatchObject({ id, attempt: 1, payload: { n: 1 }, kind: "sum" });
    expect(await queue.claim({ worker: "other" })).toEqual([]);
    expect(await queue.complete(lease, { sum: 2 })).toEqual({ ok: true, id, state: "completed", attempt: 1 });
    expect(await queue.get(id)).toMatchObject({ state: "completed", result: { sum: 2 }, worker: "w" });
  });

  it("answers a repeated completion without doing it again", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit();
    const lease = await claim();
    await queue.complete(lease, "first");
    expect(await queue.complete(lease, "second")).toMatchObject({ ok: true, repeated: true });
    expect((await queue.get(id))?.result).toBe("first");
    expect(codeOf(await queue.fail(lease, retryable))).toBe("stale_lease");
    expect((await queue.events()).filter(({ type }) => type === "completed")).toHaveLength(1);
  });

  it("refuses every command of a superseded lease and says who holds the task", async () => {
    const { queue, submit, claim, advance } = await open();
    const id = await submit();
    const old = await claim("first");
    await advance(30_000);
    const fresh = await claim("second");
    expect(fresh.attempt).toBe(2);
    const commands: ((lease: LeaseRef) => Promise<unknown>)[] = [
      (lease) => queue.complete(lease, 1),
      (lease) => queue.fail(lease, retryable),
      (lease) => queue.heartbeat(lease),
      (lease) => queue.verify(lease),
      (lease) => queue.release(lease),
      (lease) => queue.confirmCancel(lease),
    ];
    for (const command of commands) {
      expect(await command(old)).toMatchObject({
        ok: false,
        refusal: { code: "stale_lease", state: "running", attempt: 2 },
      });
      expect(await command({ id, token: "0".repeat(32) })).toMatchObject({ ok: false });
      expect(await command({ id, token: "é" })).toMatchObject({ ok: false });
    }
    expect((await queue.events({ taskId: id })).filter(({ type }) => type === "stale_rejected")).toHaveLength(
      18,
    );
    expect(codeOf(await queue.complete(fresh, 1))).toBe("ok");
  });

  it("keeps a task with a worker that renews its lease", async () => {
    const { queue, submit, claim, advance } = await open();
    await submit();
    const lease = await claim();
    for (let beat = 0; beat < 5; beat += 1) {
      await advance(20_000);
      expect(await queue.heartbeat(lease, { beat })).toMatchObject({ ok: true, state: "running" });
    }
    expect((await queue.get(lease.id))?.progress).toEqual({ beat: 4 });
    expect(await advance(30_000)).toBe(1);
    expect(codeOf(await queue.heartbeat(lease))).toBe("stale_lease");
  });

  it("fails a task as poison when its workers keep dying, whatever its attempts", async () => {
    const { stateOf, queue, submit, claim, advance } = await open({ maxCrashes: 2 });
    const id = await submit({ maxAttempts: 100 });
    await claim();
    await advance(30_000);
    expect(await stateOf(id)).toBe("pending");
    await claim();
    await advance(30_000);
    expect(await queue.get(id)).toMatchObject({ state: "failed", crashes: 2, failures: 0 });
  });

  it("retries with growing pauses and gives up at maxAttempts", async () => {
    const { stateOf, queue, submit, claim, advance } = await open({ random: () => 1 });
    const id = await submit();
    for (const pause of [1000, 2000]) {
      expect(
        accepted(await queue.fail(await claim(), { ...retryable, feedback: `waited ${pause}` })).state,
      ).toBe("retry_wait");
      await advance(pause - 1);
      expect(await stateOf(id)).toBe("retry_wait");
      await advance(1);
      expect(await stateOf(id)).toBe("pending");
    }
    const last = await claim();
    expect(last.notes.map(({ value }) => value)).toEqual(["waited 1000", "waited 2000"]);
    expect(await queue.fail(last, retryable)).toMatchObject({ state: "failed" });
    expect(await queue.fail(last, retryable)).toMatchObject({ state: "failed", repeated: true });
    expect(await queue.get(id)).toMatchObject({
      failures: 3,
      error: { class: "retryable", message: "no luck" },
    });
  });

  it("treats each class of failure in its way", async () => {
    const { queue, submit, claim, advance, stateOf } = await open();
    const id = await submit({ maxAttempts: 2 });
    expect(
      accepted(
        await queue.fail(await claim(), {
          class: "rate_limited",
          message: "slow down",
          retryAfterMs: 60_000,
        }),
      ).state,
    ).toBe("retry_wait");
    await advance(59_999);
    expect(await stateOf(id)).toBe("retry_wait");
    await advance(1);
    expect(await queue.get(id)).toMatchObject({ state: "pending", failures: 0 });
    expect(accepted(await queue.fail(await claim(), { class: "needs_input", message: "which?" })).state).toBe(
      "input_required",
    );
    expect(codeOf(await queue.pause(id))).toBe("wrong_state");
    expect(accepted(await queue.provideInput(id, { choice: 2 }, { actor: "ann" })).state).toBe("pending");
    const lease = await claim();
    expect(lease.notes).toEqual([
      { kind: "question", value: "which?" },
      { kind: "input", value: { choice: 2 } },
    ]);
    expect(accepted(await queue.fail(lease, { class: "permanent", message: "never" })).state).toBe("failed");
    expect(codeOf(await queue.provideInput(id, 1))).toBe("wrong_state");
  });

  it("keeps the last three notes of a kind", async () => {
    const { queue, submit, claim, advance } = await open();
    await submit({ maxAttempts: 10 });
    for (let round = 1; round <= 5; round += 1) {
      await queue.fail(await claim(), { ...retryable, feedback: `${round}` });
      await advance(300_000);
    }
    expect((await claim()).notes.map(({ value }) => value)).toEqual(["3", "4", "5"]);
  });

  it("ends an attempt that takes too long, and a task that is late", async () => {
    const { queue, submit, claim, advance, wall } = await open();
    const id = await submit({
      attemptTimeoutMs: 40_000,
      deadlineAt: new Date(wall.now() + 100_000).toISOString(),
    });
    const lease = await claim();
    await advance(20_000);
    await queue.heartbeat(lease);
    await advance(20_000);
    expect(await queue.get(id)).toMatchObject({ state: "retry_wait", failures: 1 });
    expect(codeOf(await queue.complete(lease, 1))).toBe("stale_lease");
    await advance(60_000);
    expect(await queue.get(id)).toMatchObject({
      state: "failed",
      error: { message: expect.stringContaining("deadline") },
    });
  });

  it("lets a verifier's crash cost no failure", async () => {
    const { queue, submit, claim, advance } = await open();
    const id = await submit();
    const lease = await claim();
    expect(accepted(await queue.verify(lease)).state).toBe("verifying");
    expect(await queue.verify(lease)).toMatchObject({ repeated: true });
    await advance(30_000);
    expect(await queue.get(id)).toMatchObject({ state: "pending", failures: 0, crashes: 1 });
    const again = await claim();
    await queue.verify(again);
    expect(accepted(await queue.complete(again, 1)).state).toBe("completed");
  });

  it("cancels what waits at once and what runs with a grace", async () => {
    const { queue, submit, claim, advance, stateOf } = await open({ cancelGraceMs: 5000 });
    const waiting = await submit();
    expect(accepted(await queue.cancel(waiting, { actor: "ann", reason: "changed my mind" })).state).toBe(
      "cancelled",
    );
    expect(await queue.cancel(waiting)).toMatchObject({ repeated: true });
    const id = await submit();
    const lease = await claim();
    expect(codeOf(await queue.confirmCancel(lease))).toBe("wrong_state");
    expect(await queue.cancel(id)).toMatchObject({ state: "running", cancelRequested: true });
    expect(await queue.cancel(id)).toMatchObject({ repeated: true });
    expect(await queue.heartbeat(lease)).toMatchObject({ cancelRequested: true });
    expect(await queue.confirmCancel(lease)).toMatchObject({ state: "cancelled" });
    const deaf = await submit();
    const held = await claim();
    await queue.cancel(deaf);
    await advance(5000);
    expect(await stateOf(deaf)).toBe("cancelled");
    expect(codeOf(await queue.complete(held, "too late"))).toBe("stale_lease");
    expect(await queue.get(deaf)).toMatchObject({ state: "cancelled", result: "too late" });
    expect((await queue.events({ taskId: waiting })).at(-1)).toMatchObject({
      actor: "ann",
      data: { reason: "changed my mind" },
    });
    expect(codeOf(await queue.cancel("task_1_nobody"))).toBe("unknown_task");
  });

  it.each(["fail", "release", "lease"] as const)(
    "ends a cancelled task when its worker lets go by %s",
    async (how) => {
      const { queue, submit, claim, advance, stateOf } = await open({ cancelGraceMs: 60_000 });
      const id = await submit();
      const lease = await claim();
      await queue.cancel(id);
      if (how === "fail") await queue.fail(lease, retryable);
      else if (how === "release") await queue.release(lease);
      else await advance(30_000);
      expect(await stateOf(id)).toBe("cancelled");
    },
  );

  it("lets a completion win over a cancel that came too late", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit();
    const lease = await claim();
    await queue.cancel(id);
    expect(accepted(await queue.complete(lease, 1)).state).toBe("completed");
    expect(codeOf(await queue.cancel(id))).toBe("wrong_state");
  });

  it("takes a task back without a failure", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit();
    await queue.release(await claim());
    expect(await queue.get(id)).toMatchObject({ state: "pending", failures: 0, crashes: 0, attempt: 1 });
  });

  it("pauses and resumes into the state the task belongs in", async () => {
    const { queue, submit, advance, wall, stateOf } = await open();
    const later = await submit({ runAt: new Date(wall.now() + 60_000).toISOString() });
    const ready = await submit();
    for (const id of [later, ready]) {
      expect(accepted(await queue.pause(id)).state).toBe("paused");
      expect(await queue.pause(id)).toMatchObject({ repeated: true });
    }
    expect(await queue.claim({ worker: "w" })).toEqual([]);
    expect(accepted(await queue.resume(later)).state).toBe("scheduled");
    expect(accepted(await queue.resume(ready)).state).toBe("pending");
    expect(codeOf(await queue.resume(ready))).toBe("wrong_state");
    await advance(60_000);
    expect(await stateOf(later)).toBe("pending");
  });

  it("throws for what is no task, no claim and no command", async () => {
    const { queue, submit, claim } = await open();
    const hostile: unknown[] = [
      { priority: 0 }, { priority: 11 }, { runAt: "tomorrow" }, { queue: "" }, { nonsense: 1 },
      { payload: 1n }, { payload: () => 1 }, { dependsOn: ["x".repeat(300)] }, { maxAttempts: 0 },
    ]; // prettier-ignore
    for (const task of hostile)
      expect(await errorOf(queue.submit(task as object))).toBe("E_ARGUMENT_INVALID");
    expect(await errorOf(queue.claim({ worker: "" }))).toBe("E_ARGUMENT_INVALID");
    expect(await errorOf(queue.claim({ worker: "w", limit: 1001 }))).toBe("E_ARGUMENT_INVALID");
    expect(await errorOf(queue.batch([]))).toBe("E_ARGUMENT_INVALID");
    await submit();
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(await errorOf(queue.complete(await claim(), cycle))).toBe("E_ARGUMENT_INVALID");
    expect(codeOf(await queue.complete({ id: "nobody", token: "x" }, 1))).toBe("unknown_task");
    expect(codeOf(await queue.complete({ id: "task_1_' OR 1=1 --", token: "x" }, 1))).toBe("unknown_task");
  });

  it("refuses what is too large and changes nothing", async () => {
    const { queue, submit, claim } = await open({ maxPayloadBytes: 1000 });
    const large = "é".repeat(501);
    expect(codeOf(await queue.submit({ payload: large }))).toBe("payload_too_large");
    await submit({ payload: "é".repeat(499) });
    const lease = await claim();
    expect(codeOf(await queue.heartbeat(lease, large))).toBe("payload_too_large");
    expect(codeOf(await queue.complete(lease, large))).toBe("payload_too_large");
    expect(codeOf(await queue.complete(lease, "fits"))).toBe("ok");
  });
});
