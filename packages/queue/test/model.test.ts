import { randomUUID } from "node:crypto";
import { join } from "node:path";
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
import { accepted, codeOf, scratch, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

/** A queue in a file, which the restart command closes and opens again. */
async function openReal(directory: string) {
  const clock = fakeClock();
  let steady = 0;
  const options = {
    path: join(directory, `${randomUUID()}.db`),
    sweepMs: 0,
    ownerWaitMs: 0,
    durability: "normal" as const,
    limits: { perKey: 1 },
    clock,
    monotonicMs: () => steady,
    random: () => 1,
  };
  const leases: Lease[] = [];
  const real = {
    queue: await createQueue(options),
    clock,
    leases,
    idOf: async (seq: number): Promise<string> =>
      (await real.queue.list({ after: seq - 1, limit: 1 })).tasks[0]?.id ?? "",
    advance: (milliseconds: number): void => {
      steady += milliseconds;
      clock.advance(milliseconds);
    },
    restart: async (): Promise<void> => {
      await real.queue.close();
      real.queue = await createQueue(options);
    },
  };
  return real;
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
  key: constantFrom(undefined, undefined, "k"),
}).map(({ priority, parents, policy, delayMs, key }) =>
  step(
    `submit(${priority}, [${parents.join()}], ${policy}, ${delayMs}, ${key ?? "-"})`,
    async (model, { queue, clock, idOf }) => {
      const found = parents.map((index) => pick(model.tasks, index)).filter((task) => task !== undefined);
      model.submit({ priority, parents: found, policy, delayMs, key });
      const dependsOn = await Promise.all(found.map(({ seq }) => idOf(seq)));
      const runAt = delayMs > 0 ? { runAt: new Date(clock.now() + delayMs).toISOString() } : {};
      const keyed = key === undefined ? {} : { concurrencyKey: key };
      accepted(await queue.submit({ priority, dependsOn, onParentFailure: policy, ...runAt, ...keyed }));
    },
  ),
);

/** Neighbours that share their writes, among them one that is refused. */
const submitMany = array(integer({ min: 1, max: 10 }), { minLength: 2, maxLength: 20 }).map((priorities) =>
  step(`batch(${priorities.join()})`, async (model, { queue }) => {
    const common = { parents: [], policy: "fail" as const };
    for (const priority of priorities) model.submit({ ...common, priority });
    const unknown = { command: "submit" as const, task: { dependsOn: ["task_none"] } };
    const commands = priorities.map((priority) => ({ command: "submit" as const, task: { priority } }));
    const outcomes = await queue.batch([...commands, unknown]);
    assertSame(
      outcomes.map(({ ok }) => ok),
      [...priorities.map(() => true), false],
    );
  }),
);

/** A diamond, given children first. */
const flow = constantFrom("fail", "skip", "continue").map((policy) =>
  step(`flow(${policy})`, async (model, { queue }) => {
    const common = { priority: 5, policy };
    const top = model.submit({ ...common, parents: [] });
    const sides = [0, 1].map(() => model.submit({ ...common, parents: [top] }));
    model.submit({ ...common, parents: sides });
    const tasks = [
      { ref: "end", dependsOn: ["left", "right"] },
      { ref: "left", dependsOn: ["top"] },
      { ref: "right", dependsOn: ["top"] },
      { ref: "top" },
    ];
    await queue.submitFlow(tasks.map((task) => ({ ...task, onParentFailure: policy })));
  }),
);

const claim = constantFrom(1, 1, 3).map((limit) =>
  step(`claim(${limit})`, async (model, { queue, leases }) => {
    const expected = Array.from({ length: limit }, () => model.claim()).filter((task) => task !== undefined);
    const given = await queue.claim({ worker: "w", limit });
    const seqs = await Promise.all(given.map(async ({ id }) => (await queue.get(id))?.seq));
    assertSame(
      given.map(({ attempt }, index) => [seqs[index], attempt]),
      expected.map(({ seq, attempt }) => [seq, attempt]),
    );
    leases.push(...given);
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

const confirmCancel = nat(40).map((index) =>
  step(`confirmCancel(${index})`, async (model, system) => {
    const lease = pick(system.leases.toReversed(), index);
    const seq = lease && (await system.queue.get(lease.id))?.seq;
    const task = model.tasks.find((candidate) => candidate.seq === seq);
    if (!lease || !task) return;
    const holds = model.holds(task, lease.attempt);
    const outcome = await system.queue.confirmCancel(lease);
    if (holds) assertSame(codeOf(outcome), model.confirmCancel(task) ? "ok" : "wrong_state");
    else assertSame(outcome.ok ? outcome.repeated : outcome.refusal.code, outcome.ok ? true : "stale_lease");
  }),
);

const failure = (name: string, kind: "retryable" | "permanent" | "rate_limited" | "needs_input") =>
  useLease(
    name,
    ({ queue }, lease) => queue.fail(lease, { class: kind, message: "x" }),
    (model, task) => model.fail(task, kind),
  );

const restart = constantFrom(null).map(() =>
  step("restart", async (model, real) => {
    model.restart();
    await real.restart();
    // A claim alone makes no more tasks due than it takes.
    model.sweep();
    await real.queue.sweep();
  }),
);

const provideInput = nat(40).map((index) =>
  step(`provideInput(${index})`, async (model, { queue, idOf }) => {
    const task = pick(model.tasks, index);
    if (!task) return;
    model.provideInput(task);
    await queue.provideInput(await idOf(task.seq), "answer");
  }),
);

const control = (name: "cancel" | "pause" | "resume" | "retry" | "revoke") =>
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

const jump = constantFrom(-3_600_000, -300_000, 300_000, 3_600_000).map((milliseconds) =>
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
  submitMany,
  flow,
  claim,
  claim,
  useLease(
    "complete",
    ({ queue }, lease) => queue.complete(lease, 1),
    (model, task) => model.complete(task),
  ),
  failure("fail", "retryable"),
  failure("giveUp", "permanent"),
  failure("slowDown", "rate_limited"),
  failure("ask", "needs_input"),
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
  control("retry"),
  control("revoke"),
  confirmCancel,
  provideInput,
  restart,
  advance,
  jump,
];

describe.skipIf(missing !== undefined)(`[DUR-05] queue and model ${missing ?? ""}`, () => {
  it("agree after every command, and the log tells the tables", { timeout: 120_000 }, async () => {
    const directory = await scratch();
    await assert(
      asyncProperty(commands(everything, { maxCommands: 80, size: "max" }), async (steps) => {
        const real = await openReal(directory);
        try {
          await asyncModelRun(() => ({ model: new ModelQueue(), real }), steps);
          expect((await real.queue.check()).problems).toEqual([]);
          expect(replay(await real.queue.events()).problems).toEqual([]);
        } finally {
          await real.queue.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});
