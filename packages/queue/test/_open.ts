import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ParleyError, seededRandom } from "@parley/core";
import type { Lease, Outcome, Queue, QueueOptions, TaskSubmission } from "@parley/queue";
import { createQueue } from "@parley/queue";
import type { FakeClock } from "@parley/testing";
import { fakeClock } from "@parley/testing";
import { afterEach, expect } from "vitest";

/** Why these tests cannot run here; absent when they can. */
export async function sqliteMissing(): Promise<string | undefined> {
  try {
    await (await createQueue({ path: ":memory:", sweepMs: 0 })).close();
    return undefined;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_DATABASE_DRIVER")
      return `skipped: ${error.message}`;
    throw error;
  }
}

const leftovers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const remove of leftovers.splice(0).toReversed()) await remove();
});

/** An empty folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-queue-"));
  leftovers.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A queue under a wall clock and a steady clock that the test moves. */
export interface Bench {
  readonly queue: Queue;
  readonly wall: FakeClock;
  /** Both clocks, then a sweep. */
  readonly advance: (milliseconds: number) => Promise<number>;
  /** The steady clock alone moves; the wall clock jumps. */
  readonly jump: (milliseconds: number) => void;
  readonly submit: (task?: TaskSubmission) => Promise<string>;
  readonly claim: (worker?: string) => Promise<Lease>;
  readonly stateOf: (id: string) => Promise<string | undefined>;
}

/** Opens a queue without timers; it is checked against its log and closed after the test. */
export async function open(options: Partial<QueueOptions> = {}): Promise<Bench> {
  const wall = fakeClock();
  let steady = 0;
  const random = seededRandom("queue");
  const queue = await createQueue({
    path: ":memory:",
    sweepMs: 0,
    ownerWaitMs: 0,
    clock: wall,
    monotonicMs: () => steady,
    random,
    ...options,
  });
  leftovers.push(async () => {
    const report = await queue.check().catch(() => undefined);
    await queue.close();
    if (report) expect(report.problems).toEqual([]);
  });
  return {
    queue,
    wall,
    async advance(milliseconds) {
      steady += milliseconds;
      wall.advance(milliseconds);
      return await queue.sweep();
    },
    jump: (milliseconds) => wall.setTime(wall.now() + milliseconds),
    async submit(task = {}) {
      return accepted(await queue.submit(task)).id;
    },
    async claim(worker = "w") {
      const [lease] = await queue.claim({ worker });
      if (!lease) throw new Error("nothing to claim");
      return lease;
    },
    stateOf: async (id) => (await queue.get(id))?.state,
  };
}

/** The outcome of a command that must have been carried out. */
export function accepted(outcome: Outcome | undefined): Extract<Outcome, { ok: true }> {
  if (outcome?.ok !== true) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** The code of a refusal, or `ok`. */
export function codeOf(outcome: Outcome | undefined): string {
  return outcome?.ok === false ? outcome.refusal.code : "ok";
}

/** The code of the error a call is rejected with. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (ParleyError.isInstance(error)) return error.code;
    throw error;
  }
}
