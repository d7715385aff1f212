import type { Lease, QueueOptions } from "@parley/queue";
import { createQueue } from "@parley/queue";
import { fakeClock } from "@parley/testing";
import {
  array,
  assert as hold,
  asyncProperty,
  constantFrom,
  integer,
  nat,
  property,
  record,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { createHeads } from "../src/_heads.ts";
import type { TaskRow } from "../src/_rows.ts";
import { accepted, open, sqliteMissing } from "./_open.ts";
import { plainRow } from "./_row.ts";

const missing = await sqliteMissing();

const headsStep = record({
  act: constantFrom("add", "add", "take", "take", "take", "pause", "resume", "park", "rank", "touch", "undo"),
  which: nat(30),
  rank: nat(12),
  wanted: integer({ min: 1, max: 5 }),
});

/** Every row there is, and those of them that a claim may take, sorted anew each time. */
function createTable() {
  const rows = new Map<number, TaskRow>();
  const line = (): TaskRow[] =>
    [...rows.values()]
      .filter(({ state, parked }) => state === "pending" && parked === 0)
      .toSorted((left, right) => left.rank - right.rank || left.seq - right.seq);
  return { rows, line };
}

it("[QUEUE-01] what is read ahead of claims is what the table says, whatever happens meanwhile", () => {
  hold(
    property(array(headsStep, { minLength: 1, maxLength: 80 }), (steps) => {
      const { rows, line } = createTable();
      let reads = 0;
      const heads = createHeads((_queue, limit) => {
        reads += 1;
        return line()
          .slice(0, limit)
          .map((row) => ({ row, payload: null }));
      });
      const change = (before: TaskRow | undefined, patch: Partial<TaskRow>): void => {
        if (!before) return;
        const after = { ...before, ...patch };
        rows.set(after.seq, after);
        heads.changed(before, after);
      };
      for (const { act, which, rank, wanted } of steps) {
        const some = [...rows.values()][which % Math.max(1, rows.size)];
        if (act === "add") {
          const row = { ...plainRow, seq: rows.size + 1, rank };
          rows.set(row.seq, row);
          heads.added([row]);
        } else if (act === "take") {
          const first = heads.first("q", wanted);
          expect(first.map(({ row }) => row)).toEqual(line().slice(0, wanted));
          for (const { row } of first.slice(0, 1 + (which % wanted))) change(row, { state: "running" });
        } else if (act === "pause") change(some, { state: "paused" });
        else if (act === "resume") change(some, { state: "pending", rank });
        else if (act === "park") change(some, { parked: 1 });
        else if (act === "rank") change(some, { rank });
        else if (act === "touch") heads.touched(which);
        else heads.clear();
      }
      expect(heads.first("q", 100).map(({ row }) => row)).toEqual(line().slice(0, 100));
      expect(reads).toBeLessThanOrEqual(steps.length + 1);
    }),
    { numRuns: 300 },
  );
});

/** Two calls of one turn are one commit: each sees what the one before it did. */
const turn = array(
  record({
    act: constantFrom(
      "submit",
      "submit",
      "claim",
      "claim",
      "complete",
      "fail",
      "release",
      "undone",
      "cancel",
    ),
    which: nat(20),
    priority: integer({ min: 1, max: 3 }),
    key: constantFrom(undefined, undefined, "k"),
  }),
  { minLength: 1, maxLength: 12 },
);
type Act = ReturnType<typeof turn.generate>["value"][number];

async function openTwin() {
  const options: QueueOptions = {
    path: ":memory:",
    sweepMs: 0,
    limits: { perKey: 1 },
    clock: fakeClock(),
    monotonicMs: () => 0,
    random: () => 1,
  };
  const queue = await createQueue(options);
  return { queue, leases: new Array<Lease>() };
}

type Twin = Awaited<ReturnType<typeof openTwin>>;

/** Begins one call; what leases it uses is known before the turn. */
function begin({ queue, leases }: Twin, { act, which, priority, key }: Act): Promise<unknown> {
  const lease = leases[which % Math.max(1, leases.length)] ?? { id: "task_none", token: "none" };
  const task = { priority, ...(key === undefined ? {} : { concurrencyKey: key }) };
  if (act === "submit") return queue.submit(task);
  if (act === "claim") return queue.claim({ worker: "w", limit: priority });
  if (act === "complete") return queue.complete(lease, which);
  if (act === "fail") return queue.fail(lease, { class: "retryable", message: "x", feedback: "y" });
  if (act === "release") return queue.release(lease);
  if (act === "cancel") return queue.cancel(lease.id);
  const commands = [
    { command: "submit" as const, task },
    { command: "release" as const, lease: { id: lease.id, token: lease.token } },
    { command: "cancel" as const, id: "task_none" },
  ];
  return queue.batch(commands, { atomic: true });
}

const isLeases = (value: unknown): value is Lease[] =>
  Array.isArray(value) && value.every((one) => "leaseMs" in one);

describe.skipIf(missing !== undefined)(`calls of one turn ${missing ?? ""}`, () => {
  it("[QUEUE-01] do what the same calls do one by one, also where one of them is undone", async () => {
    await hold(
      asyncProperty(array(turn, { minLength: 1, maxLength: 12 }), async (turns) => {
        const [together, apart] = [await openTwin(), await openTwin()];
        for (const acts of turns) {
          const shared = await Promise.all(acts.map((act) => begin(together, act)));
          const single: unknown[] = [];
          const { queue, leases } = apart;
          const before = { queue, leases: [...leases] };
          for (const act of acts) single.push(await begin(before, act));
          for (const [twin, answers] of [
            [together, shared],
            [apart, single],
          ] as const)
            twin.leases.push(...answers.filter(isLeases).flat());
        }
        const state = async ({ queue }: Twin) =>
          (await queue.list({ limit: 1000 })).tasks.map(
            // A number drawn by a call that was undone is not used again.
            ({ id: _id, seq: _seq, ...task }) => task,
          );
        expect(await state(together)).toEqual(await state(apart));
        expect((await together.queue.check()).problems).toEqual([]);
        const log = async ({ queue }: Twin) =>
          (await queue.events()).map(({ type, from, to, attempt }) => [type, from, to, attempt]);
        expect(await log(together)).toEqual(await log(apart));
        await Promise.all([together.queue.close(), apart.queue.close()]);
      }),
      { numRuns: 20 },
    );
  });

  it("[QUEUE-01] hand over what was said of a task after it was read ahead, and contents of every size", async () => {
    const { queue, submit, claim } = await open();
    const large = "x".repeat(5000);
    const ids: string[] = [];
    for (const payload of [1, 2, 3, large, 5]) ids.push(await submit({ payload }));
    const first = [await claim(), await claim()];
    // The third was read with the second.
    accepted(await queue.retry(ids[2] ?? "", { feedback: "mind the gap" }));
    const leases = [...first, await claim(), await claim(), await claim()];
    expect(leases.map(({ id }) => id)).toEqual(ids);
    expect(leases.map(({ payload }) => payload)).toEqual([1, 2, 3, large, 5]);
    expect(leases.map(({ notes }) => notes.length)).toEqual([0, 0, 1, 0, 0]);
  });

  it("[QUEUE-01] stop at a pause of their queue that came in the same commit", async () => {
    const { queue, submit } = await open();
    await submit();
    await submit();
    const [one, , two] = await Promise.all([
      queue.claim({ worker: "w" }),
      queue.pauseQueue("default"),
      queue.claim({ worker: "w" }),
    ]);
    expect([one.length, two.length]).toEqual([1, 0]);
    await queue.resumeQueue("default");
    expect(await queue.claim({ worker: "w" })).toHaveLength(1);
  });
});
