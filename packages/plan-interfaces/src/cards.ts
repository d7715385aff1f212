import type { StepFinish, StepStart, StepUpdate, StepView } from "@parley/plans";
import { appended, bounded, bounds, cut } from "./bounds.ts";
import type { StepCard, StepState } from "./view.ts";

/** A step nobody has come to. */
export function waiting(step: StepView): StepCard {
  return { ...step, state: "waiting", visit: 0, attempt: 0, lines: [] };
}

/** A step an attempt at which begins. What an earlier attempt of the same visit had to show stays. */
export function started(step: StepCard, start: StepStart, now: number): StepCard {
  const isAgain = step.visit === start.visit;
  return {
    ...step,
    state: "running",
    visit: start.visit,
    attempt: start.attempt,
    inputs: bounded(start.inputs),
    startedAt: isAgain ? step.startedAt : now,
    endedAt: undefined,
    event: undefined,
    next: undefined,
    outputs: undefined,
    error: isAgain ? step.error : undefined,
    progress: undefined,
    lines: isAgain ? step.lines : [],
  };
}

/** A step within which something happened. */
export function updated(step: StepCard, { kind, text, tool, isError, progress }: StepUpdate): StepCard {
  if (kind === "progress") return { ...step, progress: progress ?? step.progress };
  const line = { kind, text: cut(text), tool, isError };
  return { ...step, lines: appended(step.lines, line, bounds.lines) };
}

/** A step an attempt at which has ended. @param now - absent of one that ended before this process began */
export function finished(step: StepCard, finish: StepFinish, now: number | undefined): StepCard {
  const { visit, attempt, event, next, outputs, error, metrics } = finish;
  return {
    ...step,
    state: stateAfter(finish),
    visit,
    attempt,
    event,
    next,
    outputs: bounded(outputs),
    error: error === undefined ? undefined : { ...error, message: cut(error.message) },
    metrics,
    endedAt: now,
    progress: undefined,
  };
}

function stateAfter({ event, next }: StepFinish): StepState {
  if (event === "unknown") return "unknown";
  if (next === undefined) return "retrying";
  return event === "success" || event === "failure" ? event : "other";
}
