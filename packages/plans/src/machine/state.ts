import type { Fault, Used } from "./events.ts";
import type { Phase } from "./table.ts";

/** What is known of one step. */
export interface StepState {
  readonly visits: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What came of the latest attempt; absent before the first ended. */
  readonly event?: string | undefined;
  readonly error?: Fault | undefined;
}

/** All there is to know about a run. Made from its events alone. */
export interface RunState {
  readonly phase: Phase;
  /** The phase in which the run was stopped. */
  readonly stoppedIn?: Phase | undefined;
  /** The step, or the end, the run is at. */
  readonly at: string;
  /** Of the step the run is at; 0 before it was entered. */
  readonly visit: number;
  readonly attempt: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Step of the latest attempt that ended. */
  readonly last?: string | undefined;
  readonly transitions: number;
  /** Attempts that ended, and those of which nobody knows. */
  readonly attempts: number;
  readonly used: Used;
  /** Whether another attempt would fail as well. */
  readonly final: boolean;
  /** May the attempt be made again that was cut off? */
  readonly repeatable: boolean;
  /** Why the run stopped, or the latest step failed. */
  readonly error?: Fault | undefined;
  readonly status?: "success" | "failure" | undefined;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const nothingUsed: Used = { durationMs: 0, calls: 0 };

/** A run before its first event. */
export function newRun(): RunState {
  return {
    phase: "new",
    at: "",
    visit: 0,
    attempt: 0,
    inputs: {},
    steps: {},
    transitions: 0,
    attempts: 0,
    used: nothingUsed,
    final: false,
    repeatable: false,
    outputs: {},
  };
}

const sum = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined ? right : left + (right ?? 0);

/** Two uses together; what neither knows stays unknown. */
export function addUsed(left: Used, right: Used): Used {
  const inputTokens = sum(left.inputTokens, right.inputTokens);
  const outputTokens = sum(left.outputTokens, right.outputTokens);
  const costUsd = sum(left.costUsd, right.costUsd);
  return {
    durationMs: left.durationMs + right.durationMs,
    calls: left.calls + right.calls,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}
