import { terminalSteps } from "@parley/core";
import type { Plan, Step } from "@parley/core";

/** A step with all that a plan file may leave out. */
export interface CompiledStep {
  readonly spec: Step;
  readonly name: string;
  readonly maxAttempts: number;
  readonly maxVisits: number | undefined;
  /** Of the conditions, by event, in order. */
  readonly rules: readonly (readonly [event: string, conditions: readonly string[]])[];
  /** Every event has a place to go; `unknown` may have none. */
  readonly transitions: Readonly<Record<string, string>>;
}

/** A plan ready to run. */
export interface CompiledPlan {
  readonly spec: Plan;
  readonly name: string;
  readonly initial: string;
  readonly steps: ReadonlyMap<string, CompiledStep>;
  readonly limits: PlanLimits;
}

/** What a run may use up. */
export interface PlanLimits {
  readonly transitions: number;
  readonly seconds?: number | undefined;
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly costUsd?: number | undefined;
}

/** Ends of a plan. */
export type Terminal = (typeof terminalSteps)[number];

/** Whether a name is an end and no step. */
export function isTerminal(name: string): name is Terminal {
  return terminalSteps.some((terminal) => terminal === name);
}

/** `failed` is an accepted spelling of `failure`, for events and for the end. */
export function canonicalEvent(word: string): string {
  return word === "failed" ? "failure" : word;
}

/** Fills in what the file left out: linear transitions, one attempt, the first step as the beginning. */
export function compilePlan(plan: Plan): CompiledPlan {
  const steps = plan.steps.map((spec, index): [string, CompiledStep] => [
    spec.name,
    {
      spec,
      name: spec.name,
      maxAttempts: spec.max_attempts ?? 1,
      maxVisits: spec.max_visits,
      rules: Object.entries(spec.rules ?? {}).map(
        ([event, conditions]) => [canonicalEvent(event), conditions] as const,
      ),
      transitions: transitionsOf(spec, plan.steps[index + 1]?.name ?? "success"),
    },
  ]);
  const initial = plan.steps.find((step) => step.initial === true) ?? plan.steps[0];
  const { transitions, seconds, calls, tokens, cost_usd: costUsd } = plan.limits;
  return {
    spec: plan,
    name: plan.name,
    initial: initial?.name ?? "success",
    steps: new Map(steps),
    limits: { transitions, seconds, calls, tokens, costUsd },
  };
}

function transitionsOf(step: Step, following: string): Readonly<Record<string, string>> {
  const given = Object.entries(step.transitions ?? {}).map(([event, target]) => [
    canonicalEvent(event),
    canonicalEvent(target),
  ]);
  return { success: following, failure: "failure", limit: "failure", ...Object.fromEntries(given) };
}
