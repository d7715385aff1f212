import { join } from "node:path";
import { createOrchestrator, defineExecutor, openBreaker } from "@parley/orchestrator";
import type { Safety, SafetyLimits } from "@parley/orchestrator";
import { createQueue } from "@parley/queue";
import type { Queue } from "@parley/queue";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { scratch, sqliteMissing } from "./_desk.ts";

const missing = await sqliteMissing();
const quiet = { sweepMs: 0, backoff: { baseMs: 60_000, capMs: 60_000 } };

/** A process's worth of queue and breaker over one file; `end` is the restart. */
async function life(path: string, limits: SafetyLimits, clock = { now: () => 1_000_000 }) {
  const queue: Queue = await createQueue({ path, ...quiet });
  onTestFinished(() => queue.close());
  const safety: Safety = await openBreaker({ store: queue, limits, cooldownMs: 60_000, clock });
  return { queue, safety, end: () => queue.close() };
}

const attempt = (safety: Safety, ok: boolean, costUsd = 0): boolean => {
  const admission = safety.admit();
  if (!admission.ok) return false;
  admission.settle({ taskId: "t", ok, usage: { costUsd }, error: ok ? undefined : "broken", output: "same" });
  return true;
};

describe.skipIf(missing !== undefined)(`[DUR-20] a breaker over a restart ${missing ?? ""}`, () => {
  it("stays open, cools down by the wall clock, and closes after a probe that goes well", async () => {
    const path = join(await scratch(), "q.db");
    const first = await life(path, { maxConsecutiveFailures: 2 });
    expect([attempt(first.safety, false), attempt(first.safety, false), attempt(first.safety, true)]).toEqual(
      [true, true, false],
    );
    await first.end();
    const second = await life(path, { maxConsecutiveFailures: 2 }, { now: () => 1_059_999 });
    expect(second.safety.status).toMatchObject({
      state: "open",
      failures: 2,
      iterations: 2,
      trip: { reason: "consecutive_failures", message: "2 attempts in a row failed." },
    });
    await second.end();
    const third = await life(path, { maxConsecutiveFailures: 2 }, { now: () => 1_060_000 });
    expect(third.safety.status.state).toBe("half_open");
    expect(attempt(third.safety, true)).toBe(true);
    await third.end();
    const fourth = await life(path, { maxConsecutiveFailures: 2 });
    expect(fourth.safety.status.state).toBe("closed");
    expect((await fourth.queue.check()).problems).toEqual([]);
  });

  it("gives no used-up budget back, until somebody resets it", async () => {
    const path = join(await scratch(), "q.db");
    const limits = { maxCostUsd: 1 };
    const first = await life(path, limits);
    attempt(first.safety, true, 0.7);
    await first.end();
    const second = await life(path, limits);
    expect(attempt(second.safety, true, 0.7)).toBe(true);
    await second.end();
    const third = await life(path, limits);
    expect(attempt(third.safety, true)).toBe(false);
    expect(third.safety.status).toMatchObject({ state: "open", trip: { reason: "cost" }, costUsd: 1.4 });
    third.safety.reset();
    await third.end();
    expect((await life(path, limits)).safety.status).toMatchObject({ state: "closed", costUsd: 0 });
  });

  it("is not kept open for longer by a clock that was set back", async () => {
    const path = join(await scratch(), "q.db");
    const first = await life(path, { maxConsecutiveFailures: 1 }, { now: () => 9e12 });
    attempt(first.safety, false);
    await first.end();
    let now = 1000;
    const second = await life(path, { maxConsecutiveFailures: 1 }, { now: () => now });
    expect(second.safety.status.state).toBe("open");
    now += 60_000;
    expect(second.safety.status.state).toBe("half_open");
  });

  it("begins anew where what was kept cannot be read, and says when it cannot write", async () => {
    const queue = await createQueue({ path: ":memory:", ...quiet });
    await queue.keep("breaker", { version: 99 });
    const errors: string[] = [];
    const safety = await openBreaker({
      store: queue,
      limits: { maxConsecutiveFailures: 1 },
      onError: (error) => errors.push(String(error)),
    });
    expect(safety.status.state).toBe("closed");
    await queue.close();
    attempt(safety, false);
    expect(safety.status.state).toBe("open");
    await new Promise(setImmediate);
    expect(errors).toEqual([expect.stringContaining("is closed: open it again")]);
  });

  it("leaves the tasks where they were, and runs them after the reset", async () => {
    const path = join(await scratch(), "q.db");
    const limits = { maxConsecutiveFailures: 1 };
    let works = false;
    const flaky = defineExecutor({
      type: "flaky",
      description: "Fails until it works.",
      input: z.object({}),
      execute: () =>
        Promise.resolve(
          works ? { ok: true, output: 1 } : { ok: false, failure: { class: "retryable", message: "no" } },
        ),
    });
    const run = async ({ queue, safety }: Awaited<ReturnType<typeof life>>) =>
      await createOrchestrator({ store: queue, executors: [flaky], safety }).run();
    const first = await life(path, limits);
    const payload = { description: "x", execute: { type: "flaky" } };
    for (let n = 0; n < 3; n += 1) await first.queue.submit({ queue: "automatic", payload });
    expect(await run(first)).toMatchObject({ stopped: "tripped", attempts: 1 });
    await first.end();
    const second = await life(path, limits);
    expect(await run(second)).toMatchObject({ stopped: "tripped", attempts: 0 });
    works = true;
    second.safety.reset();
    expect(await run(second)).toMatchObject({ stopped: "drained", completed: 2 });
  });
});
