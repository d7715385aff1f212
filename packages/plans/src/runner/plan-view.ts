import type { PlanView } from "../interface/port.ts";
import type { CompiledPlan } from "../machine/compiled.ts";

/** A plan as interfaces draw it. */
export function planView({ name, spec, initial, steps }: CompiledPlan): PlanView {
  return {
    name,
    description: spec.description,
    initial,
    steps: [...steps.values()].map((step) => {
      const { type, tool, prompt, agent, plan, description } = step.spec;
      const target = { tool, prompt, agent, plan }[type];
      const { maxAttempts, maxVisits } = step;
      return {
        name: step.name,
        type,
        description,
        target,
        transitions: step.transitions,
        maxAttempts,
        maxVisits,
      };
    }),
  };
}
