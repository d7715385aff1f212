import { createDatabaseTaskStore, createTasks, type Tasks, type TaskView } from "@parley/mcp-tasks";
import { createMemoryDatabase } from "@parley/databases";
import { fakeClock } from "@parley/testing";
import type { AsyncCommand } from "fast-check";
import {
  assert,
  asyncModelRun,
  asyncProperty,
  boolean,
  commands,
  constantFrom,
  nat,
  record,
} from "fast-check";
import { expect, it } from "vitest";
import { heldCall } from "./_engine.ts";

/** What a task should look like. */
interface ModelTask {
  status: TaskView["status"];
  open: string[];
  asked: number;
}

interface Real {
  /** Two processes on one store; the first one runs every task. */
  readonly engines: readonly [Tasks, Tasks];
  readonly held: ReturnType<typeof heldCall>[];
  readonly ids: string[];
}

type Step = AsyncCommand<ModelTask[], Real>;

const live = (task: ModelTask | undefined): task is ModelTask =>
  task !== undefined && (task.status === "working" || task.status === "input_required");

/** Lets the work's own promises run: they reach the store before this resolves. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

async function compare(model: readonly ModelTask[], { engines, ids }: Real): Promise<void> {
  await settle();
  for (const [index, task] of model.entries()) {
    for (const engine of engines) {
      const view = await engine.get(ids[index] ?? "", "ann");
      const open = view.status === "input_required" ? Object.keys(view.inputRequests).toSorted() : [];
      expect({ status: view.status, open }).toEqual({ status: task.status, open: task.open.toSorted() });
    }
  }
}

function step(name: string, act: (model: ModelTask[], real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await act(model, real);
      await compare(model, real);
    },
  };
}

const start = step("start", async (model, { engines, held, ids }) => {
  const call = heldCall();
  held.push(call);
  ids.push((await engines[0].start(call.call)).taskId);
  model.push({ status: "working", open: [], asked: 0 });
});

const choice = record({ at: nat({ max: 2 }), elsewhere: boolean(), count: constantFrom(1, 2) });

const allSteps = [
  choice.map(() => start),
  choice.map(({ at, count }) =>
    step(`ask ${count} of ${at}`, async (model, { held }) => {
      const task = model[at];
      if (!live(task)) return;
      const keys = Array.from({ length: count }, (_, index) => `q${task.asked + index}`);
      const run = await held[at]?.running;
      run
        ?.input(Object.fromEntries(keys.map((key) => [key, { method: "roots/list" }])))
        .catch(() => undefined);
      Object.assign(task, { status: "input_required", asked: task.asked + count });
      task.open.push(...keys);
    }),
  ),
  choice.map(({ at, elsewhere }) =>
    step(`answer one of ${at}`, async (model, { engines, ids }) => {
      const task = model[at];
      if (task === undefined) return;
      const key = task.open.shift() ?? "none";
      await engines[elsewhere ? 1 : 0].update(ids[at] ?? "", "ann", { [key]: { roots: [] } });
      if (task.status === "input_required" && task.open.length === 0) task.status = "working";
    }),
  ),
  choice.map(({ at, elsewhere }) =>
    step(`cancel ${at}`, async (model, { engines, ids }) => {
      const task = model[at];
      if (task === undefined) return;
      await engines[elsewhere ? 1 : 0].cancel(ids[at] ?? "", "ann");
      if (live(task)) Object.assign(task, { status: "cancelled", open: [] });
    }),
  ),
  choice.map(({ at, elsewhere }) =>
    step(`${elsewhere ? "fail" : "complete"} ${at}`, async (model, { held }) => {
      const task = model[at];
      if (task === undefined) return;
      if (elsewhere) held[at]?.fail(new Error("broke"));
      else held[at]?.finish({ content: [] });
      if (live(task)) Object.assign(task, { status: elsewhere ? "failed" : "completed", open: [] });
    }),
  ),
];

it("[TASK-05] the engine follows the model, seen from two processes", { timeout: 60_000 }, async () => {
  await assert(
    asyncProperty(commands(allSteps, { maxCommands: 40, size: "max" }), async (steps) => {
      const store = createDatabaseTaskStore(createMemoryDatabase());
      const clock = fakeClock();
      const real: Real = {
        engines: [createTasks({ store, clock }), createTasks({ store, clock })],
        held: [],
        ids: [],
      };
      await asyncModelRun(() => ({ model: [], real }), steps);
      await Promise.all(real.engines.map((engine) => engine.close()));
    }),
    { numRuns: 100 },
  );
});

it("[TASK-05] loses no answer of many that come at once to two processes", async () => {
  const store = createDatabaseTaskStore(createMemoryDatabase());
  const engines = [createTasks({ store }), createTasks({ store })] as const;
  const { call, running } = heldCall();
  const { taskId } = await engines[0].start(call);
  const keys = Array.from({ length: 30 }, (_, index) => `q${index}`);
  const asked = (await running).input(Object.fromEntries(keys.map((key) => [key, { method: "roots/list" }])));
  await engines[0].wait(taskId, { owner: "ann", timeoutMs: 5000 });
  await Promise.all(
    keys.map((key, index) => engines[index % 2 === 0 ? 0 : 1].update(taskId, "ann", { [key]: { of: key } })),
  );
  expect(await asked).toEqual(Object.fromEntries(keys.map((key) => [key, { of: key }])));
  await Promise.all(engines.map((engine) => engine.close()));
});
