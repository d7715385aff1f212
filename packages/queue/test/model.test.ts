import type { Lease, Outcome } from "@parley/queue";
import { createQueue, replay } from "@parley/queue";
import { fakeClock } from "@parley/testing";
import type { AsyncCommand } from "fast-check";
import {
  array,
  assert,
  asyncModelRun,
  asyncProperty,
  commands,
  constantFrom,
  integer,
  nat,
  record,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelTask } from "./_model.ts";
import { ModelQueue } from "./_model.ts";
import { accepted, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

async function openReal() {
  const clock = fakeClock();
  let steady = 0;
  const options = { path: ":memory:", sweepMs: 0, clock, monotonicMs: () => steady, random: () => 1 };
  const queue = await createQueue(options);
  const leases: Lease[] = [];
  const idOf = async (seq: number): Promise<string> =>
    (await queue.list({ after: seq - 1, limit: 1 })).tasks[0]?.id ?? "";
  const advance = (milliseconds: number): void => {
    steady += milliseconds;
    clock.advance(milliseconds);
  };
  return { queue, clock, leases, idOf, advance };
}

type Real = Awaited<ReturnType<typeof openReal>>;
type Step = AsyncCommand<ModelQueue, Real>;

function assertSame(shown: unknown, wanted: unknown): void {
  expect(shown).toEqual(wanted);
}

async function compare(model: ModelQueue, { queue }: Real): Promise<void> {
  const { tasks } = await queue.list({ limit: 1000 });
  const shown = tasks.map(({ seq, state, attempt, failures, crashes }) => ({
    seq,
    state,
    attempt,
    failures,
    crashes,
  }));
  const wanted = model.tasks.map(({ seq, state, attempt, failures, crashes }) => ({
    seq,
    state,
    attempt,
    failures,
    crashes,
  }));
  assertSame(shown, wanted);
}

/** A step that always may run, and after which queue and model must be the same. */
function step(name: string, act: (model: ModelQueue, real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await act(model, real);
      await compare(model, real);
    },
  };
}

const pick = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items[index % Math.max(1, items.length)];

const submit = record({
  priority: integer({ min: 1, max: 10 }),
  parents: array(nat(20), { maxLength: 3 }),
  policy: constantFrom("fail", "skip", "continue"),
  delayMs: constantFrom(0, 0, 500, 60_000),
}).map(({ priority, parents, policy, delayMs }) =>
  step(
    `submit(${priority}, [${parents.join()}], ${policy}, ${delayMs})`,
    async (model, { queue, clock, idOf }) => {
      const found = parents.map((index) => pick(model.tasks, index)).filter((task) => task !== undefined);
      model.submit({ priority, parents: found, policy, delayMs });
      const dependsOn = await Promise.all(found.map(({ seq }) => idOf(seq)));
      const runAt = delayMs > 0 ? { runAt: new Date(clock.now() + delayMs).toISOString() } : {};
      accepted(await queue.submit({ priority, dependsOn, onParentFailure: policy, ...runAt }));
    },
  ),
);

const claim = nat(0).map(() =>
  step("claim", async (model, { queue, leases }) => {
    const expected = model.claim();
    const [lease] = await queue.claim({ worker: "w" });
    assertSame(lease?.attempt, expected?.attempt);
    if (lease) leases.push(lease);
  }),
);

/** Uses any lease ever given out: most of them are stale. */
const useLease = (
  name: string,
  real: (real: Real, lease: Lease) => Promise<Outcome>,
  act: (model: ModelQueue, task: ModelTask) => void,
) =>
  nat(40).map((index) =>
    step(`${name}(${index})`, async (model, system) => {
      const lease = pick(system.leases.toReversed(), index);
      const seq = lease && (await system.queue.get(lease.id))?.seq;
      const task = model.tasks.find((candidate) => candidate.seq === seq);
      if (!lease || !task) return;
      const holds = model.holds(task, lease.attempt);
      const outcome = await real(system, lease);
      if (holds) {
        accepted(outcome);
        act(model, task);
      } else
        assertSame(outcome.ok ? outcome.repeated : outcome.refusal.code, outcome.ok ? true : "stale_lease");
    }),
  );

const control = (name: "cancel" | "pause" | "resume") =>
  nat(40).map((index) =>
    step(`${name}(${index})`, async (model, { queue, idOf }) => {
      const task = pick(model.tasks, index);
      if (!task) return;
      model[name](task);
      await queue[name](await idOf(task.seq));
    }),
  );

const advance = constantFrom(1, 1000, 15_000, 30_000, 60_000, 900_000).map((milliseconds) =>
  step(`advance(${milliseconds})`, async (model, real) => {
    model.wall += milliseconds;
    model.steady += milliseconds;
    real.advance(milliseconds);
    model.sweep();
    await real.queue.sweep();
  }),
);

const jump = constantFrom(-300_000, 300_000).map((milliseconds) =>
  step(`jump(${milliseconds})`, async (model, real) => {
    model.wall += milliseconds;
    real.clock.setTime(real.clock.now() + milliseconds);
    model.sweep();
    await real.queue.sweep();
  }),
);

const everything = [
  submit,
  submit,
  claim,
  claim,
  useLease(
    "complete",
    ({ queue }, lease) => queue.complete(lease, 1),
    (model, task) => model.complete(task),
  ),
  useLease(
    "fail",
    ({ queue }, lease) => queue.fail(lease, { class: "retryable", message: "x" }),
    (model, task) => model.fail(task, "retryable"),
  ),
  useLease(
    "giveUp",
    ({ queue }, lease) => queue.fail(lease, { class: "permanent", message: "x" }),
    (model, task) => model.fail(task, "permanent"),
  ),
  useLease(
    "heartbeat",
    ({ queue }, lease) => queue.heartbeat(lease),
    (model, task) => model.heartbeat(task),
  ),
  useLease(
    "verify",
    ({ queue }, lease) => queue.verify(lease),
    (_model, task) => {
      task.state = "verifying";
    },
  ),
  useLease(
    "release",
    ({ queue }, lease) => queue.release(lease),
    (model, task) => model.release(task),
  ),
  control("cancel"),
  control("pause"),
  control("resume"),
  advance,
  jump,
];

describe.skipIf(missing !== undefined)(`queue and model ${missing ?? ""}`, () => {
  it("agree after every command, and the log tells the tables", { timeout: 30_000 }, async () => {
    await assert(
      asyncProperty(commands(everything, { maxCommands: 80, size: "max" }), async (steps) => {
        const real = await openReal();
        try {
          await asyncModelRun(() => ({ model: new ModelQueue(), real }), steps);
          expect((await real.queue.check()).problems).toEqual([]);
          expect(replay(await real.queue.events()).problems).toEqual([]);
        } finally {
          await real.queue.close();
        }
      }),
      { numRuns: 80 },
    );
  });
});
