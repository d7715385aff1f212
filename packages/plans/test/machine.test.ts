import { newRun, next, parsePlan, reduce, RunEvent, transitionTable } from "@parley/plans";
import type { Command, CompiledPlan, RunState } from "@parley/plans";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const names = ["a", "b", "c", "d"];
const targets = [...names, "success", "failure"];

const steps = fc.tuple(
  ...names.map((name) =>
    fc.record({
      name: fc.constant(name),
      type: fc.constant("tool"),
      tool: fc.constant("go"),
      max_visits: fc.integer({ min: 1, max: 4 }),
      max_attempts: fc.integer({ min: 1, max: 3 }),
      rules: fc.constant({ odd: ["odd"] }),
      transitions: fc.record({
        odd: fc.constantFrom(...targets),
        success: fc.constantFrom(...targets),
        failure: fc.constantFrom(...targets),
        limit: fc.constantFrom(...targets),
      }),
    }),
  ),
);
const plans = fc.record({
  name: fc.constant("p"),
  limits: fc.record({ transitions: fc.integer({ min: 1, max: 40 }), calls: fc.integer({ min: 1, max: 60 }) }),
  steps,
});

/** What may come of an attempt, and of a process. */
const fates = fc.array(
  fc.constantFrom("success", "failure", "final", "odd", "unknown", "killed", "stopped"),
  { maxLength: 200 },
);

const used = { durationMs: 1, calls: 1 };

/** The events that a command leads to, with a fate of its own. */
function eventsOf(command: Exclude<Command, { do: "rest" }>, fate: string, state: RunState): RunEvent[] {
  if (command.do === "end") return [{ type: "run.ended", status: command.status, outputs: {} }];
  if (command.do === "stop") return [{ type: "run.stopped", error: command.error }];
  const step = command.step.name;
  if (command.do === "enter") return [{ type: "step.entered", step, visit: command.visit }];
  if (command.do === "go") return [{ type: "transition", step, event: command.event, to: command.to }];
  const place = { step, visit: command.visit, attempt: command.attempt };
  if (command.do === "doubt")
    return [{ type: "attempt.assumed", ...place, as: fate === "success" ? "success" : "failure" }];
  const started: RunEvent = { type: "attempt.started", ...place, inputs: { fate }, repeatable: false };
  if (fate === "killed") return [started];
  if (fate === "stopped")
    return [
      started,
      { type: "run.stopped", error: { code: "E_INTERRUPTED", message: "" } },
      { type: "run.resumed" },
    ];
  if (fate === "unknown" || (command.do === "recover" && !state.repeatable)) {
    const error = { code: "E_PLAN_UNCERTAIN", message: "" };
    return [started, { type: "attempt.unknown", ...place, error, used }];
  }
  const event = fate === "final" ? "failure" : fate;
  return [
    started,
    { type: "attempt.finished", ...place, event, outputs: { fate }, used, final: fate === "final" },
  ];
}

/** The plan without the steps that no run comes to, which a file may not have. */
async function compiled(plan: { readonly steps: readonly unknown[] }): Promise<CompiledPlan> {
  const { loaded, problems } = await parsePlan(JSON.stringify(plan), "p.yaml");
  if (loaded !== undefined) return loaded.plan;
  const dead = new Set(problems.map(({ path, message }) => (message.startsWith("no way") ? path : message)));
  const steps = plan.steps.filter((_step, index) => !dead.has(`steps[${index}]`));
  if (steps.length + dead.size > plan.steps.length) throw new Error(JSON.stringify(problems));
  return await compiled({ ...plan, steps });
}

/** Runs a plan by fates, and then by failures alone. */
function simulate(plan: CompiledPlan, luck: readonly string[]): { events: RunEvent[]; state: RunState } {
  const events: RunEvent[] = [
    { type: "run.started", plan: plan.name, initial: plan.initial, hash: "", inputs: {} },
  ];
  let state = events.reduce(reduce, newRun());
  let turn = 0;
  for (let command = next(plan, state); command.do !== "rest"; command = next(plan, state)) {
    const more = eventsOf(command, luck[turn] ?? "failure", state);
    turn += 1;
    events.push(...more);
    state = more.reduce(reduce, state);
    if (turn > 10_000) throw new Error("It does not end.");
  }
  return { events, state };
}

describe("the state machine of a run", () => {
  it("[PLN-10] always ends, and within every limit", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fates, async (given, luck) => {
        const plan = await compiled(given);
        const { state } = simulate(plan, luck);
        expect(["ended", "stopped"]).toContain(state.phase);
        expect(state.transitions).toBeLessThanOrEqual(given.limits.transitions);
        expect(state.used.calls).toBeLessThanOrEqual(given.limits.calls);
        for (const { name, max_visits: most } of given.steps) {
          expect(state.steps[name]?.visits ?? 0).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("[PLN-11] is the same again when its log is read back, from any point of it", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fates, fc.nat(), async (given, luck, cut) => {
        const plan = await compiled(given);
        const { events, state } = simulate(plan, luck);
        const read = events.map((event) => RunEvent.parse(JSON.parse(JSON.stringify(event))));
        expect(JSON.parse(JSON.stringify(read.reduce(reduce, newRun())))).toEqual(
          JSON.parse(JSON.stringify(state)),
        );
        const at = cut % events.length;
        const half = read.slice(0, at).reduce(reduce, newRun());
        expect(read.slice(at).reduce(reduce, half)).toEqual(read.reduce(reduce, newRun()));
      }),
      { numRuns: 100 },
    );
  });

  it("[PLN-12] refuses a log whose events cannot follow one another", () => {
    const begun = reduce(newRun(), { type: "run.started", plan: "p", initial: "a", hash: "", inputs: {} });
    expect(() =>
      reduce(begun, {
        type: "attempt.started",
        step: "a",
        visit: 1,
        attempt: 1,
        inputs: {},
        repeatable: true,
      }),
    ).toThrow("The log of a run has attempt.started where it cannot be: the run is ready at a.");
    expect(() => reduce(begun, { type: "step.entered", step: "b", visit: 1 })).toThrow("where it cannot be");
    expect(Object.keys(transitionTable.ended)).toEqual([]);
  });
});
