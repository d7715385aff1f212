import { createRunBook } from "@parley/plan-interfaces";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { changesBetween } from "../src/web/changes.ts";
import { graphOf } from "../src/web/graph.ts";
import { at, plan, question, tellBeginning, tellEnd } from "./_plan.ts";

function book() {
  let time = 0;
  let changes = 0;
  const made = createRunBook({ now: () => (time += 1000), onChange: () => (changes += 1) });
  return { book: { ...made, close: async () => undefined }, view: () => made.view, changes: () => changes };
}

test("[PLI-01] a run is kept as it stands: states, attempts, times, log, end", () => {
  const { book: shown, view, changes } = book();
  tellBeginning(shown);
  const [run] = view().runs;
  expect(run?.steps.map(({ name, state }) => [name, state])).toEqual([
    ["build", "success"],
    ["check", "running"],
    ["publish", "waiting"],
  ]);
  expect(run?.steps[0]).toMatchObject({ event: "success", next: "check", outputs: { artifact: "a.out" } });
  expect(run?.steps[0]?.lines.map(({ kind }) => kind)).toEqual(["call", "result"]);
  expect(view().log).toMatchObject([{ level: "warning", message: "the model is slow" }]);
  tellEnd(shown);
  expect(view().runs[0]).toMatchObject({ status: "failure", error: { code: "E_TOOL_FAILED" } });
  expect(changes()).toBeGreaterThan(8);
});

test("[PLI-01] a step that is tried again keeps what its first attempt showed; a new visit begins anew", () => {
  const { book: shown, view } = book();
  shown.onStart({ runId: "r", path: [], plan, inputs: {}, resumed: false, done: [] });
  const step = () => view().runs[0]?.steps[0];
  const error = { code: "E_TOOL_FAILED", message: "no" };
  const metrics = { durationMs: 1, calls: 1 };
  shown.onStepStart({ ...at("build", 1), type: "tool", inputs: {} });
  shown.onStepUpdate({ ...at("build", 1), kind: "call", text: "first" });
  shown.onStepFinish({ ...at("build", 1), event: "failure", outputs: {}, error, metrics });
  expect(step()?.state).toBe("retrying");
  shown.onStepStart({ ...at("build", 2), type: "tool", inputs: {} });
  expect(step()).toMatchObject({ state: "running", attempt: 2, lines: [{ text: "first" }], error });
  shown.onStepStart({ ...at("build", 1, 2), type: "tool", inputs: {} });
  expect(step()).toMatchObject({ visit: 2, lines: [] });
  expect(step()?.error).toBeUndefined();
});

test("[PLI-01] what is resumed shows what was done before, and what is unknown says so", () => {
  const { book: shown, view } = book();
  const done = { ...at("build"), event: "unknown", outputs: {}, metrics: { durationMs: 1, calls: 1 } };
  shown.onStart({ runId: "r", path: [], plan, inputs: {}, resumed: true, done: [done] });
  expect(view().runs[0]).toMatchObject({
    resumed: true,
    steps: [{ state: "unknown" }, { state: "waiting" }, {}],
  });
});

test("[PLI-02] a question is answered once, by one of its options, or ends with the run", async () => {
  const { book: shown, view } = book();
  const stopping = new AbortController();
  const asked = shown.ask(question, { signal: stopping.signal });
  expect(view().questions).toEqual([question]);
  expect(() => shown.answer("check.confirm", "perhaps")).toThrow(
    /check\.confirm: the answer is one of yes, no/,
  );
  shown.answer("check.confirm", " YES ");
  expect(await asked).toBe("yes");
  expect(() => shown.answer("check.confirm", "no")).toThrow(/No question check\.confirm is open/);
  const second = shown.ask({ ...question, id: "b", free: true, initial: "no" }, { signal: stopping.signal });
  shown.answer("b", "");
  expect(await second).toBe("no");
  const third = shown.ask({ ...question, id: "c" }, { signal: stopping.signal });
  stopping.abort();
  await expect(third).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  const fourth = shown.ask({ ...question, id: "d" }, { signal: new AbortController().signal });
  shown.dismiss();
  await expect(fourth).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  expect(view().questions).toEqual([]);
});

test("[PLI-03] only what changed is told, and a run that goes on for long is bounded", () => {
  const { book: shown, view } = book();
  tellBeginning(shown);
  const before = view();
  expect(changesBetween(undefined, before).runs[0]?.order).toEqual(["build", "check", "publish"]);
  for (let line = 0; line < 1000; line += 1) {
    shown.onStepUpdate({ ...at("check"), kind: "reply", text: "x".repeat(9000) });
    shown.onLog({ level: "info", message: String(line) });
  }
  const change = changesBetween(before, view());
  expect(change.runs[0]?.steps.map(({ name }) => name)).toEqual(["check"]);
  expect(change.runs[0]?.graph).toBeUndefined();
  expect(view().log).toHaveLength(500);
  expect(JSON.stringify(view()).length).toBeLessThan(1_000_000);
  expect(changesBetween(view(), view())).toEqual({ runs: [], log: [], questions: [] });
});

test("[PLI-04] any plan is drawn with every step and every way inside its frame", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 12 });
  const plans = names.chain((steps) =>
    fc.record({
      name: fc.constant("p"),
      initial: fc.constant(steps[0] ?? ""),
      steps: fc.tuple(
        ...steps.map((name) =>
          fc
            .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom(...steps, "success", "failure"), {
              maxKeys: 4,
            })
            .map((transitions) => ({ name, type: "tool" as const, transitions, maxAttempts: 1 })),
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(plans, (drawn) => {
      const graph = graphOf(drawn);
      const placed = new Set(graph?.nodes.map(({ name }) => name));
      for (const { name, transitions } of drawn.steps) {
        expect(placed).toContain(name);
        for (const next of Object.values(transitions)) expect(placed).toContain(next);
      }
      for (const { x, y, width, height } of graph?.nodes ?? []) {
        expect(x - width / 2).toBeGreaterThanOrEqual(0);
        expect(x + width / 2).toBeLessThanOrEqual(graph?.width ?? 0);
        expect(y + height / 2).toBeLessThanOrEqual(graph?.height ?? 0);
      }
    }),
    { numRuns: 60 },
  );
  const awkward = {
    name: "constructor",
    type: "tool" as const,
    transitions: { success: "__proto__" },
    maxAttempts: 1,
  };
  expect(
    graphOf({ steps: [awkward] })
      ?.nodes.map(({ name }) => name)
      .toSorted(),
  ).toEqual(["__proto__", "constructor"]);
  const many = Array.from({ length: 201 }, (_, index) => ({
    name: `s${index}`,
    type: "tool" as const,
    transitions: {},
    maxAttempts: 1,
  }));
  expect(graphOf({ steps: many })).toBeUndefined();
});
