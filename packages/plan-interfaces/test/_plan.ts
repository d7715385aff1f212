import type { PlanInterface, PlanView, StepPlace } from "@parley/plans";

/** Markup that would run if it were taken as such. */
const attack = `</span><img src="http://192.0.2.1/x.png" onerror="document.title='owned'">`;

export const plan: PlanView = {
  name: "release",
  description: `Builds and checks ${attack}`,
  initial: "build",
  steps: [
    {
      name: "build",
      type: "tool",
      target: "make",
      transitions: { success: "check", failure: "failure" },
      maxAttempts: 2,
    },
    {
      name: "check",
      type: "prompt",
      target: "review",
      transitions: { success: "publish", failure: "build" },
      maxAttempts: 1,
      maxVisits: 3,
    },
    {
      name: "publish",
      type: "tool",
      target: "upload",
      transitions: { success: "success", failure: "failure" },
      maxAttempts: 1,
    },
  ],
};

const run = { runId: "run-1", path: [] };
export const at = (step: string, attempt = 1, visit = 1): StepPlace => ({ ...run, step, visit, attempt });
const metrics = { durationMs: 1200, calls: 1 };

/** Tells an interface of a run up to the step that asks. */
export function tellBeginning(shown: PlanInterface): void {
  shown.onStart({ ...run, plan, inputs: { tag: "1.0" }, resumed: false, done: [] });
  shown.onStepStart({ ...at("build"), type: "tool", inputs: { target: "all" } });
  shown.onStepUpdate({ ...at("build"), kind: "call", tool: "make", text: '{"target":"all"}' });
  shown.onStepUpdate({ ...at("build"), kind: "result", tool: "make", text: `made ${attack}` });
  shown.onStepFinish({
    ...at("build"),
    event: "success",
    next: "check",
    outputs: { artifact: "a.out" },
    metrics,
  });
  shown.onStepStart({ ...at("check"), type: "prompt", inputs: {} });
  shown.onLog({ level: "warning", message: "the model is slow", step: "check" });
}

/** Tells an interface of the rest, to the end. */
export function tellEnd(shown: PlanInterface): void {
  const failed = { code: "E_TOOL_FAILED", message: "no such host" };
  shown.onStepFinish({ ...at("check"), event: "success", next: "publish", outputs: {}, metrics });
  shown.onStepStart({ ...at("publish"), type: "tool", inputs: {} });
  shown.onStepFinish({
    ...at("publish"),
    event: "failure",
    next: "failure",
    outputs: {},
    error: failed,
    metrics,
  });
  const visits = { build: 1, check: 1, publish: 1 };
  shown.onComplete({ ...run, status: "failure", outputs: {}, error: failed, metrics, visits });
}

export const question = {
  id: "check.confirm",
  runId: "run-1",
  step: "check",
  text: "Publish it?",
  options: ["yes", "no"],
};
