import type { Command, Outcome } from "@parley/queue";
import { createQueue } from "@parley/queue";
import { fakeClock } from "@parley/testing";
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf, open, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

const quiet = { path: ":memory:", sweepMs: 0, maxPayloadBytes: 100, random: () => 1 };

/** Ids without their random part, which no two queues share. */
const plain = (text: string): string => text.replaceAll(/(task_[0-9a-z]+)_[0-9a-f]{32}/g, "$1");

/** A queue whose random bytes are numbers in turn, so that two of them give the same ids. */
async function twin() {
  const clock = fakeClock(1e12);
  let drawn = 0;
  const randomBytes = (into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
    into.map(() => (drawn += 1) % 256);
  return await createQueue({ ...quiet, clock, monotonicMs: () => 0, randomBytes });
}

const someId = constantFrom("task_1", "task_2", "task_5", "task_9");

/** Commands of which many follow each other that submit, some that are refused, and some that read what was just written. */
const anyCommand = oneof(
  {
    weight: 12,
    arbitrary: integer({ min: 1, max: 10 }).map((priority) => ({ task: { priority, payload: "x" } })),
  },
  { weight: 2, arbitrary: constantFrom({ task: { payload: "y".repeat(200) } }) },
  {
    weight: 2,
    arbitrary: constantFrom(
      { task: { idempotencyKey: "k" } },
      { task: { dedup: { key: "d", mode: "simple" as const } } },
    ),
  },
  {
    weight: 2,
    arbitrary: constantFrom({ task: { runAt: "2033-01-01T00:00:00Z" } }, { task: { queue: "other" } }),
  },
  { weight: 2, arbitrary: someId.map((parent) => ({ parent })) },
  { weight: 2, arbitrary: record({ cancel: someId }) },
);

type Drawn = { task: object } | { parent: string } | { cancel: string };

/** Commands name tasks by number; ids are known once the queue drew them. */
function commandOf(drawn: Drawn, idOf: (short: string) => string): Command {
  if ("task" in drawn) return { command: "submit", task: drawn.task };
  if ("parent" in drawn) return { command: "submit", task: { dependsOn: [idOf(drawn.parent)] } };
  return { command: "cancel", id: idOf(drawn.cancel) };
}

describe.skipIf(missing !== undefined)(`[DUR-10] batches ${missing ?? ""}`, () => {
  it("do what the same commands do one by one, with the same log", { timeout: 30_000 }, async () => {
    await assert(
      asyncProperty(array(anyCommand, { minLength: 1, maxLength: 60 }), async (drawn) => {
        const [single, batched] = [await twin(), await twin()];
        try {
          const ids = new Map<string, string>();
          const idOf = (short: string): string => ids.get(short) ?? `${short}_${"0".repeat(32)}`;
          const commands: Command[] = [];
          const outcomes: Outcome[] = [];
          for (const one of drawn) {
            const command = commandOf(one, idOf);
            commands.push(command);
            const [outcome] = await single.batch([command]);
            if (outcome === undefined) throw new Error("no outcome");
            outcomes.push(outcome);
            if (outcome.ok) ids.set(plain(outcome.id), outcome.id);
          }
          expect(await batched.batch(commands)).toEqual(outcomes);
          expect(await batched.events()).toEqual(await single.events());
          expect(await batched.list({ limit: 1000 })).toEqual(await single.list({ limit: 1000 }));
          expect((await batched.check()).problems).toEqual([]);
        } finally {
          await single.close();
          await batched.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  it("that are all or none leave nothing of what they shared", async () => {
    const { queue } = await open({ maxPayloadBytes: 100 });
    const task = { payload: "x" };
    const some = Array.from({ length: 40 }, () => ({ command: "submit" as const, task }));
    const none = await queue.batch([...some, { command: "submit", task: { payload: "y".repeat(200) } }], {
      atomic: true,
    });
    expect(new Set(none.slice(0, 40).map(codeOf))).toEqual(new Set(["not_done"]));
    expect(codeOf(none[40])).toBe("payload_too_large");
    expect((await queue.list()).tasks).toEqual([]);
    expect(await queue.events()).toEqual([]);
    expect((await queue.batch(some, { atomic: true })).every(({ ok }) => ok)).toBe(true);
    expect((await queue.list({ limit: 1000 })).tasks).toHaveLength(40);
  });

  it("[DUR-21] and a small value is kept beside the tasks under a key, until the next one", async () => {
    const { queue } = await open({ maxPayloadBytes: 100 });
    expect(await queue.kept("a")).toBeUndefined();
    await queue.keep("a", { n: 1 });
    await queue.keep("a", { n: 2 });
    await queue.keep("anchor", "not the queue's own");
    expect(await queue.kept("a")).toEqual({ n: 2 });
    expect(await errorOf(queue.keep("a", "y".repeat(200)))).toBe("E_ARGUMENT_INVALID");
    expect(await errorOf(queue.kept(""))).toBe("E_ARGUMENT_INVALID");
    expect(await queue.kept("a")).toEqual({ n: 2 });
  });
});
