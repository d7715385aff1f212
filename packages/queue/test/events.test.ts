import type { QueueEvent } from "@parley/queue";
import { QueueEvent as EventRecord, Outcome, Stats, Task, replay } from "@parley/queue";
import { describe, expect, it } from "vitest";
import { accepted, open, sqliteMissing } from "./_open.ts";

const numbers = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined)(`the log ${missing ?? ""}`, () => {
  it("is followed from any number without gap or repetition", async () => {
    const { queue, submit } = await open();
    for (let index = 0; index < 5; index += 1) await submit();
    const stop = new AbortController();
    const follow = async (after: number | undefined, wanted: number): Promise<number[]> => {
      const seen: number[] = [];
      for await (const { seq } of queue.subscribe({ after, signal: stop.signal })) {
        seen.push(seq);
        if (seen.length === wanted) break;
      }
      return seen;
    };
    const followers = [follow(0, 2500), follow(3, 2497), follow(undefined, 2495)];
    const neverEnds = follow(undefined, 1e9);
    await Promise.resolve();
    for (let index = 0; index < 25; index += 1) {
      await queue.batch(Array.from({ length: 100 }, () => ({ command: "submit" as const, task: {} })));
    }
    expect(await Promise.all(followers)).toEqual([numbers(1, 2500), numbers(4, 2497), numbers(6, 2495)]);
    stop.abort();
    expect((await neverEnds).length).toBeGreaterThan(0);
    expect((await queue.events({ after: 2400, limit: 50 })).map(({ seq }) => seq)).toEqual(numbers(2401, 50));
  });

  it("ends with the queue", async () => {
    const { queue } = await open();
    const following = (async () => {
      for await (const event of queue.subscribe()) expect(event).toBeDefined();
      return "ended";
    })();
    await queue.close();
    expect(await following).toBe("ended");
  });

  it("tells the whole story of a task, with who did what, and no payload", async () => {
    const { queue, submit, claim } = await open();
    const id = await submit({ payload: "secret words", actor: "ann" });
    await queue.complete(await claim("bob"), "secret answer");
    const events = await queue.events({ taskId: id });
    expect(events.map(({ type, from, to, actor }) => [type, from, to, actor])).toEqual([
      ["submitted", undefined, "pending", "ann"],
      ["claimed", "pending", "running", "bob"],
      ["completed", "running", "completed", "bob"],
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
    for (const event of events) expect(EventRecord.parse(event)).toEqual(event);
    expect(await queue.events({ taskId: "nobody" })).toEqual([]);
  });

  it("answers in records that fit their schemas", async () => {
    const { queue, submit, claim, advance } = await open();
    const id = await submit({
      deadlineAt: "2027-01-01T00:00:00Z",
      concurrencyKey: "k",
      runAt: "2026-01-01T00:00:10Z",
    });
    expect(Task.parse(await queue.get(id))).toMatchObject({
      state: "scheduled",
      runAt: "2026-01-01T00:00:10.000Z",
    });
    await advance(10_000);
    const lease = await claim();
    expect(Outcome.parse(await queue.heartbeat(lease, 1))).toMatchObject({
      leaseUntil: expect.stringMatching(/Z$/),
    });
    await queue.fail(lease, { class: "retryable", message: "x" });
    expect(Task.parse(await queue.get(id))).toMatchObject({ error: { class: "retryable" } });
    expect(Stats.parse(await queue.stats()).queues["default"]).toMatchObject({ deferred: 1, retryRatio: 1 });
  });

  it("is measured", async () => {
    const { queue, submit, claim, advance } = await open();
    for (let index = 0; index < 4; index += 1) await submit();
    await advance(10_000);
    for (let index = 0; index < 2; index += 1) {
      const lease = await claim();
      await advance(1000);
      await queue.complete(lease);
    }
    await queue.fail(await claim(), { class: "permanent", message: "x" });
    const stats = (await queue.stats()).queues["default"];
    expect(stats).toMatchObject({
      states: { completed: 2, failed: 1, pending: 1 },
      ready: 1,
      oldestReadyMs: 12_000,
      deadRatio: 1 / 3,
    });
    expect(Math.abs((stats?.waitMs.p50 ?? 0) - 11_000)).toBeLessThan(1000);
    expect(Math.abs((stats?.execMs.p50 ?? 0) - 1000)).toBeLessThan(100);
    expect(stats?.completedPerSecond.m1).toBeCloseTo(2 / 12, 5);
    await advance(16 * 60_000);
    expect((await queue.stats()).queues["default"]?.completedPerSecond.m15).toBe(0);
  });

  it("is replayed into what the tables say, and refuses a story that cannot be", async () => {
    const { queue, submit, claim } = await open();
    const id = accepted(await queue.submit({})).id;
    await submit();
    const lease = await claim();
    await queue.cancel(lease.id);
    const events = await queue.events();
    expect(replay(events).tasks.get(id)).toMatchObject({
      state: "running",
      attempt: 1,
      cancelRequested: true,
    });
    const forged = events.map((event): QueueEvent =>
      event.type === "claimed" ? { ...event, attempt: 5 } : event,
    );
    expect(replay(forged).problems).toMatchObject([{ problem: expect.stringContaining("attempt 5") }]);
    expect(replay([...events, ...events]).problems.length).toBeGreaterThan(0);
  });
});
