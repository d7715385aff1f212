import type { BookView, RunCard, StepCard } from "../view.ts";
import { graphOf } from "./graph.ts";
import type { PlanGraph } from "./graph.ts";

/** A run of which only the steps that changed are told. */
interface RunChange extends Omit<RunCard, "steps"> {
  readonly steps: readonly StepCard[];
  /** Told with the first change of a run: the order of its steps, and the drawing where there is one. */
  readonly order?: readonly string[] | undefined;
  readonly graph?: PlanGraph | undefined;
}

/** What is new since a view. */
export interface BookChange {
  readonly runs: readonly RunChange[];
  /** New lines of the log, oldest first. */
  readonly log: BookView["log"];
  /** All that are open. */
  readonly questions: BookView["questions"];
}

/** What has changed from one view to another. Cards that did not change are the same objects in both. */
export function changesBetween(before: BookView | undefined, after: BookView): BookChange {
  const known = new Map(before?.runs.map((run) => [run.key, run]));
  const last = before?.log.at(-1);
  const seen = last === undefined ? -1 : after.log.lastIndexOf(last);
  return {
    runs: after.runs
      .filter((run) => known.get(run.key) !== run)
      .map((run) => runChange(known.get(run.key), run)),
    log: after.log.slice(seen + 1),
    questions: after.questions,
  };
}

function runChange(before: RunCard | undefined, run: RunCard): RunChange {
  const isSame = before?.runId === run.runId && before.steps.length === run.steps.length;
  if (!isSame) return { ...run, order: run.steps.map(({ name }) => name), graph: graphOf(run) };
  return { ...run, steps: run.steps.filter((step, index) => before.steps[index] !== step) };
}
