import type { RunState } from "../machine/state.ts";
import type { Scope } from "../template/render.ts";

/** What templates of a run see. */
export function scopeOf({ inputs, steps }: RunState, runId: string): Scope {
  const seen = Object.entries(steps).map(([name, step]) => {
    const { visits, inputs: given, outputs, event, error } = step;
    return [name, { visits, inputs: given, outputs, event, error }];
  });
  return { inputs, steps: Object.fromEntries(seen), run: { id: runId } };
}
