import { ParleyError, toParleyError } from "@parley/core";
import type { Command } from "../machine/next.ts";
import { next } from "../machine/next.ts";
import type { MoveEvent, Used } from "../machine/events.ts";
import { nothingUsed } from "../machine/state.ts";
import { render } from "../template/render.ts";
import { attemptModel } from "./attempts/model.ts";
import { attemptPlan } from "./attempts/plan.ts";
import { attemptTool, CutOff, handleOf, toolOf } from "./attempts/tool.ts";
import { placeOf } from "./context.ts";
import type { Attempt, Done, RunContext } from "./context.ts";
import { faultOf, isBeyondLog, stopsRun } from "./faults.ts";
import { happened } from "./outcome.ts";
import { plain } from "../records/run-log.ts";
import { askPerson } from "./question.ts";
import { scopeOf } from "./scope.ts";

type Try = Extract<Command, { do: "try" | "recover" }>;

const attempts = { tool: attemptTool, prompt: attemptModel, agent: attemptModel, plan: attemptPlan } as const;

/** Tries a step: intent first, then the work, then what came of it. */
export async function attemptStep(context: RunContext, command: Try): Promise<void> {
  const { step, attempt } = command;
  if (attempt > 1) await pauseBefore(context, command);
  try {
    if (attempt === 1) await confirm(context, command);
    const filled = fillIn(context, command);
    const repeatable = step.spec.type !== "tool" || toolOf(context, command).repeatable;
    await begin(context, command, { ...filled, repeatable, continuing: false });
  } catch (thrown) {
    const error = toParleyError(thrown);
    if (error.code !== "E_PLAN_TEMPLATE" && error.code !== "E_PLAN_FAILED") throw error;
    await fail(context, command, error);
  }
}

/** Goes on with an attempt that was cut off; a call that may not be made again becomes unknown. */
export async function recover(context: RunContext, command: Try): Promise<void> {
  const { step, visit, attempt } = command;
  const { state } = context.log;
  const place = { step: step.name, visit, attempt };
  const isTool = step.spec.type === "tool";
  const { repeatable } = state;
  if (isTool && !repeatable && handleOf(context, place) === undefined) {
    const message = `The call of ${step.spec.tool ?? ""} was cut off, and nobody knows whether it was done.`;
    const error = { code: "E_PLAN_UNCERTAIN", message };
    return await unknown(context, command, { error, used: nothingUsed });
  }
  const inputs = state.steps[step.name]?.inputs ?? {};
  const { instruction } = fillIn(context, command);
  await begin(context, command, { inputs, instruction, repeatable, continuing: true });
}

interface Beginning {
  readonly inputs: Attempt["inputs"];
  readonly instruction: string | undefined;
  readonly repeatable: boolean;
  readonly continuing: boolean;
}

async function begin(context: RunContext, command: Try, beginning: Beginning): Promise<void> {
  const { step, visit, attempt } = command;
  const { log, ui, clock, plan } = context;
  const { inputs, instruction, repeatable, continuing } = beginning;
  await log.append({
    type: "attempt.started",
    step: step.name,
    visit,
    attempt,
    inputs: plainRecord(inputs),
    repeatable,
  });
  const { type, description } = step.spec;
  ui.onStepStart({ ...placeOf(context, command), type, description, inputs });
  const began = clock.now();
  const timing = timeLimit(plan.limits.seconds, log.state.used.durationMs);
  const signal = timing === undefined ? context.signal : AbortSignal.any([context.signal, timing]);
  const lasted = (): number => Math.max(0, clock.now() - began);
  try {
    const done = await attempts[type](context, {
      step,
      visit,
      attempt,
      inputs,
      instruction,
      signal,
      continuing,
    });
    const what = await happened(context, { step, visit, attempt, done, signal });
    const used = together(done.used, what.used, lasted());
    await finish(context, command, { ...done, ...what, used });
  } catch (thrown) {
    if (timing?.aborted === true && !context.signal.aborted) {
      throw new ParleyError(
        "E_PLAN_LIMIT",
        `The run used up its time in step ${step.name}: allow it more to resume it.`,
      );
    }
    if (thrown instanceof CutOff) {
      const error = { code: thrown.code, message: thrown.message };
      return await unknown(context, command, { error, used: { durationMs: lasted(), calls: 1 } });
    }
    const error = toParleyError(thrown);
    if (context.signal.aborted || stopsRun(error) || isBeyondLog(error)) throw error;
    const used = { durationMs: lasted(), calls: 0 };
    await finish(context, command, { outputs: {}, event: "failure", error: faultOf(error), used });
  }
}

type Finished = Pick<
  Extract<MoveEvent, { type: "attempt.finished" }>,
  "event" | "outputs" | "error" | "final" | "used"
>;

async function finish(
  context: RunContext,
  command: Try,
  { event, outputs, error, final, used }: Finished,
): Promise<void> {
  const { step, visit, attempt } = command;
  await context.log.append({
    type: "attempt.finished",
    step: step.name,
    visit,
    attempt,
    event,
    outputs: plainRecord(outputs),
    ...(error && { error }),
    ...(final === true && { final }),
    used,
  });
  tellFinish(context, command);
}

async function unknown(
  context: RunContext,
  command: Try,
  { error, used }: Required<Pick<Finished, "error" | "used">>,
): Promise<void> {
  const { step, visit, attempt } = command;
  if (error === undefined) return;
  await context.log.append({ type: "attempt.unknown", step: step.name, visit, attempt, error, used });
  context.ui.onLog({ level: "warning", message: error.message, runId: context.log.id, step: step.name });
  tellFinish(context, command);
}

function tellFinish(context: RunContext, command: Try): void {
  const { log, plan, ui } = context;
  const { event = "failure", outputs = {}, error } = log.state.steps[command.step.name] ?? {};
  const after = next(plan, log.state);
  ui.onStepFinish({
    ...placeOf(context, command),
    event,
    outputs,
    ...(after.do === "go" && { next: after.to }),
    ...(error && { error }),
    metrics: log.state.used,
  });
}

/** An attempt that failed before it began. */
async function fail(context: RunContext, command: Try, error: ParleyError): Promise<void> {
  const { step, visit, attempt } = command;
  await context.log.append({
    type: "attempt.started",
    step: step.name,
    visit,
    attempt,
    inputs: {},
    repeatable: true,
  });
  await finish(context, command, {
    event: "failure",
    outputs: {},
    error: faultOf(error),
    final: true,
    used: nothingUsed,
  });
}

function fillIn(context: RunContext, { step }: Try): Pick<Beginning, "inputs" | "instruction"> {
  const scope = scopeOf(context.log.state, context.log.id);
  const inputs = Object.entries(step.spec.inputs).map(([key, value]) => [
    key,
    render(value, scope, `steps.${step.name}.inputs.${key}`),
  ]);
  const { instruction } = step.spec;
  const said =
    instruction === undefined ? undefined : render(instruction, scope, `steps.${step.name}.instruction`);
  return {
    inputs: Object.fromEntries(inputs),
    instruction: said === undefined || typeof said === "string" ? said : JSON.stringify(said),
  };
}

async function confirm(context: RunContext, command: Try): Promise<void> {
  const { step, visit } = command;
  if (step.spec.confirm === undefined) return;
  const given = context.log.events.findLast(
    (event) => event.type === "answer" && event.id === `${step.name}.confirm` && event.visit === visit,
  );
  const text = render(
    step.spec.confirm,
    scopeOf(context.log.state, context.log.id),
    `steps.${step.name}.confirm`,
  );
  const answer =
    given?.type === "answer"
      ? given.answer
      : await askPerson(context, command, { kind: "confirm", text: String(text), options: ["yes", "no"] });
  if (answer !== "yes") throw new ParleyError("E_PLAN_FAILED", `Step ${step.name} was not confirmed.`);
}

async function pauseBefore({ pause, signal }: RunContext, { step, attempt }: Try): Promise<void> {
  const seconds = step.spec.retry_seconds ?? 0;
  if (seconds > 0) await pause(Math.min(3_600_000, seconds * 1000 * 2 ** (attempt - 2)), signal);
}

/** Fires when the run has used up its time. */
function timeLimit(seconds: number | undefined, usedMs: number): AbortSignal | undefined {
  if (seconds === undefined) return undefined;
  return AbortSignal.timeout(Math.min(2 ** 31 - 1, Math.max(0, Math.ceil(seconds * 1000 - usedMs))));
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : a + (b ?? 0);

function together(work: Done["used"], judge: Done["used"] | undefined, durationMs: number): Used {
  const inputTokens = sum(work.inputTokens, judge?.inputTokens);
  const outputTokens = sum(work.outputTokens, judge?.outputTokens);
  const costUsd = sum(work.costUsd, judge?.costUsd);
  return {
    durationMs,
    calls: work.calls,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(costUsd !== undefined && { costUsd }),
  };
}

function plainRecord(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === undefined ? null : plain(value)]),
  );
}
