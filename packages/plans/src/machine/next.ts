import type { CompiledPlan, CompiledStep, PlanLimits, Terminal } from "./compiled.ts";
import { isTerminal } from "./compiled.ts";
import type { Fault, Used } from "./events.ts";
import type { RunState } from "./state.ts";

/** What is to be done next. */
export type Command =
  | { readonly do: "enter"; readonly step: CompiledStep; readonly visit: number }
  | { readonly do: "try"; readonly step: CompiledStep; readonly visit: number; readonly attempt: number }
  /** An attempt was cut off: go on with it, or find out. */
  | { readonly do: "recover"; readonly step: CompiledStep; readonly visit: number; readonly attempt: number }
  /** Somebody has to say whether a call was done. */
  | { readonly do: "doubt"; readonly step: CompiledStep; readonly visit: number; readonly attempt: number }
  | {
      readonly do: "go";
      readonly step: CompiledStep;
      readonly event: string;
      readonly to: string;
      readonly error?: Fault | undefined;
    }
  | { readonly do: "end"; readonly status: Terminal; readonly error?: Fault | undefined }
  /** The run stops where it can be resumed. */
  | { readonly do: "stop"; readonly error: Fault }
  /** Nothing: it is stopped or ended. */
  | { readonly do: "rest" };

/** Decides what comes next, from the plan and the state alone. */
export function next(plan: CompiledPlan, state: RunState): Command {
  if (state.phase === "stopped" || state.phase === "ended" || state.phase === "new") return { do: "rest" };
  if (isTerminal(state.at)) return { do: "end", status: state.at, error: state.error };
  const step = plan.steps.get(state.at);
  if (step === undefined) {
    const message = `The plan has no step ${state.at}.`;
    return { do: "stop", error: { code: "E_PLAN_CHANGED", message } };
  }
  const { visit, attempt } = state;
  switch (state.phase) {
    case "ready":
      return begin(plan, step, state);
    case "entered":
      return attemptOr(plan, state, { do: "try", step, visit, attempt: 1 });
    case "trying":
      return { do: "recover", step, visit, attempt };
    case "unknown": {
      const to = step.transitions["unknown"];
      if (to === undefined) return { do: "doubt", step, visit, attempt };
      return { do: "go", step, event: "unknown", to, error: state.error };
    }
    default:
      return after(plan, step, state);
  }
}

function begin(plan: CompiledPlan, step: CompiledStep, state: RunState): Command {
  if (state.transitions >= plan.limits.transitions) {
    const message = `The plan came to ${state.transitions} steps, which is its limit (limits.transitions).`;
    return { do: "end", status: "failure", error: { code: "E_PLAN_LIMIT", message } };
  }
  const visits = state.steps[step.name]?.visits ?? 0;
  if (step.maxVisits !== undefined && visits >= step.maxVisits) {
    const message = `Step ${step.name} was come to ${visits} times, which is its limit (max_visits).`;
    const to = step.transitions["limit"] ?? "failure";
    return { do: "go", step, event: "limit", to, error: { code: "E_PLAN_LIMIT", message } };
  }
  return attemptOr(plan, state, { do: "enter", step, visit: visits + 1 });
}

function after(plan: CompiledPlan, step: CompiledStep, state: RunState): Command {
  const { visit, attempt } = state;
  const { event = "failure", error } = state.steps[step.name] ?? {};
  const again: Command = { do: "try", step, visit, attempt: attempt + 1 };
  if (event === "repeat") return attemptOr(plan, state, again);
  if (event === "failure" && !state.final && attempt < step.maxAttempts) return attemptOr(plan, state, again);
  const to = step.transitions[event] ?? "failure";
  return { do: "go", step, event, to, ...(event === "success" ? {} : { error }) };
}

function attemptOr(plan: CompiledPlan, state: RunState, command: Command): Command {
  const error = overLimit(plan.limits, state.used);
  return error === undefined ? command : { do: "stop", error };
}

/** Which limit was reached, if any. */
export function overLimit(limits: PlanLimits, used: Used): Fault | undefined {
  const tokens = (used.inputTokens ?? 0) + (used.outputTokens ?? 0);
  const checks = [
    [limits.seconds, used.durationMs / 1000, "seconds"],
    [limits.calls, used.calls, "calls of tools"],
    [limits.tokens, tokens, "tokens"],
    [limits.costUsd, used.costUsd ?? 0, "USD"],
  ] as const;
  for (const [most, spent, what] of checks) {
    if (most === undefined || spent < most) continue;
    const message = `The run used ${round(spent)} of ${round(most)} ${what}: allow it more to resume it.`;
    return { code: "E_PLAN_LIMIT", message };
  }
  return undefined;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
