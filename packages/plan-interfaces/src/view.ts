import type { LogEntry, Metrics, PlanView, Question, RunStatus, StepUpdate, StepView } from "@parley/plans";

/** Where a step stands. `retrying`: an attempt failed, and another follows. */
export type StepState = "waiting" | "running" | "retrying" | "success" | "failure" | "unknown" | "other";

/** One thing that happened within a step. */
export interface Line {
  readonly kind: StepUpdate["kind"];
  readonly text: string;
  readonly tool?: string | undefined;
  readonly isError?: boolean | undefined;
}

/** A step as it stands in its latest visit. */
export interface StepCard extends StepView {
  readonly state: StepState;
  /** How often it was come to; 0 before it is. */
  readonly visit: number;
  readonly attempt: number;
  /** The event it ended with, and where that leads. */
  readonly event?: string | undefined;
  readonly next?: string | undefined;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Epoch milliseconds. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly metrics?: Metrics | undefined;
  readonly progress?: StepUpdate["progress"];
  /** The latest, oldest first. */
  readonly lines: readonly Line[];
}

/** A run: of the plan that was asked for, or of one inside it. */
export interface RunCard {
  /** Names of the steps around it, joined by `/`; empty for the plan that was asked for. */
  readonly key: string;
  readonly runId: string;
  readonly plan: Pick<PlanView, "name" | "description" | "initial">;
  readonly resumed: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly status: "running" | RunStatus;
  readonly steps: readonly StepCard[];
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly metrics?: Metrics | undefined;
}

/** A remark and when it was made. */
export interface LogLine extends LogEntry {
  /** Epoch milliseconds. */
  readonly time: number;
}

/** All there is to show, as plain JSON. */
export interface BookView {
  /** The one that was asked for first. */
  readonly runs: readonly RunCard[];
  /** The latest, oldest first. */
  readonly log: readonly LogLine[];
  /** Open ones, oldest first. */
  readonly questions: readonly Question[];
}
