import { ParleyError, systemClock } from "@parley/core";
import type { StepFinish } from "../interface/port.ts";
import type { CompiledPlan, PlanLimits } from "../machine/compiled.ts";
import type { RunState } from "../machine/state.ts";
import type { LoadedPlan } from "../plan-file/load-plan.ts";
import { readRecord } from "../records/run-log.ts";
import type { RunLog } from "../records/run-log.ts";
import type { InnerRun, RunContext } from "./context.ts";
import { beginRun, outcomeOf, reopenRun } from "./open-run.ts";
import type { Shared } from "./shared.ts";
import { drive } from "./drive.ts";
import type { RunOutcome } from "./options.ts";
import { planView } from "./plan-view.ts";

interface Opened {
  readonly loaded: LoadedPlan;
  readonly log: RunLog;
  readonly path: readonly string[];
  readonly resumed: boolean;
  /** What the run around this one has left. */
  readonly left?: Partial<PlanLimits> | undefined;
}

/** Runs what was begun or opened again, and tells the interface of its beginning and end. */
export async function runOpened(shared: Shared, opened: Opened): Promise<RunOutcome> {
  const { loaded, log, path, resumed, left } = opened;
  const { options, ui } = shared;
  const plan = limited(loaded.plan, path.length === 0 ? options.limits : left);
  const context: RunContext = {
    ...shared,
    clock: options.clock ?? systemClock,
    loaded,
    plan,
    log,
    path,
    runInner: async (inner) => await runInner(shared, context, inner),
  };
  const { inputs } = log.state;
  ui.onStart({ runId: log.id, plan: planView(plan), inputs, resumed, done: doneBefore(context), path });
  await drive(context);
  const outcome = outcomeOf(log);
  ui.onComplete({ ...outcome, path });
  return outcome;
}

/** The smaller of the plan's own limits and others; for the plan that was asked for, the others win. */
function limited(plan: CompiledPlan, others: Partial<PlanLimits> = {}): CompiledPlan {
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  return { ...plan, limits: { ...plan.limits, ...given } };
}

async function runInner(shared: Shared, context: RunContext, inner: InnerRun): Promise<RunOutcome> {
  const { options } = shared;
  const { id, loaded, inputs, step, signal } = inner;
  const path = [...context.path, step];
  const all = { ...shared, signal };
  const left = remaining(context.plan.limits, { state: context.log.state, own: loaded.plan.limits });
  if (await isKnown(context, id)) {
    const { log } = await reopenRun(options, id);
    if (log.state.phase === "ended") return outcomeOf(log);
    await log.append({ type: "run.resumed" });
    return await runOpened(all, { loaded, log, path, resumed: true, left });
  }
  const parent = { run: context.log.id, step };
  const log = await beginRun(options, {
    id,
    loaded,
    inputs: { ...loaded.plan.spec.inputs, ...inputs },
    parent,
  });
  return await runOpened(all, { loaded, log, path, resumed: false, left });
}

async function isKnown({ options }: RunContext, id: string): Promise<boolean> {
  try {
    await readRecord(options.database, id);
    return true;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_RUN_UNKNOWN") return false;
    throw error;
  }
}

const least = (most: number | undefined, spent: number, inner: number | undefined): number | undefined =>
  most === undefined ? inner : Math.min(Math.max(0, most - spent), inner ?? Infinity);

function remaining(
  outer: PlanLimits,
  { state, own }: { state: RunState; own: PlanLimits },
): Partial<PlanLimits> {
  const { used } = state;
  const tokens = (used.inputTokens ?? 0) + (used.outputTokens ?? 0);
  return {
    seconds: least(outer.seconds, used.durationMs / 1000, own.seconds),
    calls: least(outer.calls, used.calls, own.calls),
    tokens: least(outer.tokens, tokens, own.tokens),
    costUsd: least(outer.costUsd, used.costUsd ?? 0, own.costUsd),
  };
}

/** The latest finish of each step, in order, for an interface that shows a resumed run. */
function doneBefore({ log, path }: Pick<RunContext, "log" | "path">): readonly StepFinish[] {
  const latest = new Map<string, StepFinish>();
  for (const event of log.events) {
    if (event.type === "transition") {
      const before = latest.get(event.step);
      if (before !== undefined) latest.set(event.step, { ...before, next: event.to });
    }
    if (event.type !== "attempt.finished") continue;
    const { step, visit, attempt, event: happened, outputs, error, used: metrics } = event;
    latest.delete(step);
    latest.set(step, { runId: log.id, path, step, visit, attempt, event: happened, outputs, error, metrics });
  }
  return [...latest.values()];
}
