import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";

/** A run as it was told so far. */
export interface ShownRun {
  readonly key: string;
  readonly fields: Open;
  /** By name, in the order of the plan. */
  readonly steps: ReadonlyMap<string, Open>;
  /** Placed steps and lines between them, where the plan is small enough to be drawn. */
  readonly graph: Open | undefined;
}

/** All there is to show. */
export interface Model {
  readonly runs: ReadonlyMap<string, ShownRun>;
  readonly log: readonly Open[];
  readonly questions: readonly Open[];
}

export const nothing: Model = { runs: new Map(), log: [], questions: [] };

const mostLines = 500;

/** The model with what has changed in it. */
export function changed(model: Model, change: Open): Model {
  const runs = new Map(model.runs);
  for (const told of objects(change["runs"])) {
    const key = text(told["key"]) ?? "";
    runs.set(key, runOf(runs.get(key), told, key));
  }
  return {
    runs,
    log: [...model.log, ...objects(change["log"])].slice(-mostLines),
    questions: objects(change["questions"]),
  };
}

function runOf(before: ShownRun | undefined, told: Open, key: string): ShownRun {
  const { order, graph } = told;
  const isNew = Array.isArray(order) || before === undefined;
  const steps = new Map(isNew ? [] : before.steps);
  for (const step of objects(told["steps"])) steps.set(text(step["name"]) ?? "", step);
  return { key, fields: told, steps, graph: isNew ? (isOpen(graph) ? graph : undefined) : before.graph };
}
