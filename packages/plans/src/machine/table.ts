import type { MoveEvent } from "./events.ts";

/** Where a run stands between two events. */
export type Phase =
  /** Nothing happened yet. */
  | "new"
  /** At a step that was not entered, or at an end. */
  | "ready"
  | "entered"
  /** An attempt is under way, or was cut off. */
  | "trying"
  /** An attempt ended. */
  | "tried"
  /** Nobody knows whether an attempt was done. */
  | "unknown"
  | "stopped"
  | "ended";

/** Where an event leads; `back` is where the run was when it was stopped, or its process ended. */
type Target = Exclude<Phase, "new"> | "back";

/** Every move there is. What is not in the table is a fault of the log. */
export const transitionTable: Readonly<Record<Phase, Partial<Record<MoveEvent["type"], Target>>>> = {
  new: { "run.started": "ready" },
  ready: {
    "run.resumed": "back",
    "step.entered": "entered",
    transition: "ready",
    "run.stopped": "stopped",
    "run.ended": "ended",
  },
  entered: { "run.resumed": "back", "attempt.started": "trying", "run.stopped": "stopped" },
  trying: {
    "run.resumed": "back",
    "attempt.started": "trying",
    "attempt.finished": "tried",
    "attempt.unknown": "unknown",
    "run.stopped": "stopped",
  },
  tried: {
    "run.resumed": "back",
    "attempt.started": "trying",
    transition: "ready",
    "run.stopped": "stopped",
  },
  unknown: {
    "run.resumed": "back",
    "attempt.assumed": "tried",
    transition: "ready",
    "run.stopped": "stopped",
  },
  stopped: { "run.resumed": "back" },
  ended: {},
};
