import { ParleyError } from "@parley/core";
import type { MoveEvent, RunEvent } from "./events.ts";
import { addUsed } from "./state.ts";
import type { RunState, StepState } from "./state.ts";
import { transitionTable } from "./table.ts";
import type { Phase } from "./table.ts";

/** Whether an event moves the run on; the others tell what happens within an attempt. */
export function isMove(event: RunEvent): event is MoveEvent {
  return /^(?:run|step|attempt)\.|^transition$/.test(event.type);
}

/**
 * The state after an event: pure, and the same for the same log.
 * @throws `E_DATABASE_CORRUPT` for an event that cannot come here
 */
export function reduce(state: RunState, event: RunEvent): RunState {
  if (!isMove(event)) return state;
  const target = transitionTable[state.phase][event.type];
  if (target === undefined) throw misplaced(state, event);
  const phase: Phase = target === "back" ? (state.stoppedIn ?? state.phase) : target;
  return { ...state, ...change(state, event), phase };
}

/** What an event changes beside the phase. */
function change(state: RunState, event: MoveEvent): Partial<RunState> {
  switch (event.type) {
    case "run.started":
      return { inputs: event.inputs, at: event.initial };
    case "run.resumed":
      return { stoppedIn: undefined, error: undefined };
    case "run.stopped":
      return { stoppedIn: state.phase, error: event.error };
    case "run.ended":
      return { status: event.status, outputs: event.outputs, error: event.error };
    case "transition":
      if (event.step !== state.at) throw misplaced(state, event);
      return { at: event.to, visit: 0, attempt: 0, transitions: state.transitions + 1, error: event.error };
    default:
      return changeOfStep(state, event);
  }
}

type StepMove = Extract<MoveEvent, { step: string }>;

function changeOfStep(state: RunState, event: Exclude<StepMove, { type: "transition" }>): Partial<RunState> {
  if (event.step !== state.at) throw misplaced(state, event);
  if (event.type === "step.entered") {
    return { visit: event.visit, attempt: 0, ...known(state, event.step, { visits: event.visit }) };
  }
  if (event.visit !== state.visit) throw misplaced(state, event);
  switch (event.type) {
    case "attempt.started": {
      const { attempt, inputs, repeatable, step } = event;
      return { attempt, repeatable, ...known(state, step, { inputs }) };
    }
    case "attempt.assumed":
      return { final: event.as !== "repeat", ...known(state, event.step, { event: event.as }) };
    default: {
      const ended = {
        last: event.step,
        attempts: state.attempts + 1,
        used: addUsed(state.used, event.used),
        error: event.error,
      };
      if (event.type === "attempt.unknown") {
        const { error } = event;
        return { ...ended, ...known(state, event.step, { event: "unknown", error, outputs: {} }) };
      }
      const { event: happened, outputs, error } = event;
      const final = event.final === true;
      return { ...ended, final, ...known(state, event.step, { event: happened, outputs, error }) };
    }
  }
}

const untouched: StepState = { visits: 0, inputs: {}, outputs: {} };

function known(state: RunState, step: string, news: Partial<StepState>): Pick<RunState, "steps"> {
  const before = Object.hasOwn(state.steps, step) ? state.steps[step] : undefined;
  return { steps: { ...state.steps, [step]: { ...untouched, ...before, ...news } } };
}

function misplaced({ phase, at }: RunState, event: RunEvent): ParleyError {
  return new ParleyError(
    "E_DATABASE_CORRUPT",
    `The log of a run has ${event.type} where it cannot be: the run is ${phase} at ${at}.`,
  );
}
