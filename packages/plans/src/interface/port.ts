/** A plan as an interface draws it: steps in file order, and where each event of a step leads. */
export interface PlanView {
  readonly name: string;
  readonly description?: string | undefined;
  /** The step a run begins with. */
  readonly initial: string;
  readonly steps: readonly StepView[];
}

/** One step of a {@link PlanView}. */
export interface StepView {
  readonly name: string;
  readonly type: "prompt" | "tool" | "agent" | "plan";
  readonly description?: string | undefined;
  /** The prompt, tool, agent or file the step is about; absent where a planner makes the plan. */
  readonly target?: string | undefined;
  /** By event, the next step or a terminal state (`success`, `failure`); implied ones included. */
  readonly transitions: Readonly<Record<string, string>>;
  readonly maxAttempts: number;
  readonly maxVisits?: number | undefined;
}

/** What a run consumed; absent is unknown. Plans inside the plan are counted in. */
export interface Metrics {
  /** Time spent in attempts; pauses between two processes are none. */
  readonly durationMs: number;
  /** Calls of tools. */
  readonly calls: number;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly costUsd?: number | undefined;
}

/** How a run ended, or why it stopped where it can be resumed. */
export type RunStatus = "success" | "failure" | "stopped";

/** A run that begins or goes on. */
export interface RunStart {
  readonly runId: string;
  readonly plan: PlanView;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly resumed: boolean;
  /** The steps done before, of a resumed run: the latest finish of each, in order. */
  readonly done: readonly StepFinish[];
  /** Names of the steps around a plan inside a plan, outermost first; empty for the plan that was asked for. */
  readonly path: readonly string[];
}

/** Which step something is about. */
export interface StepPlace {
  readonly runId: string;
  /** As in {@link RunStart}. */
  readonly path: readonly string[];
  readonly step: string;
  /** How often the step was come to, from 1. */
  readonly visit: number;
  /** How often it was tried in this visit, from 1. */
  readonly attempt: number;
}

/** An attempt at a step begins. */
export interface StepStart extends StepPlace {
  readonly type: StepView["type"];
  readonly description?: string | undefined;
  /** Templates filled in. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Something happened within a step. Text is other people's: control characters are taken out, nothing else. */
export interface StepUpdate extends StepPlace {
  /** `prompt`: what a model is asked; `reply`: what it said; `call`, `result`: a tool's; `progress`: a tool reports. */
  readonly kind: "prompt" | "reply" | "call" | "result" | "progress";
  readonly text: string;
  /** Of a call or result. */
  readonly tool?: string | undefined;
  readonly isError?: boolean | undefined;
  readonly progress?: { readonly done: number; readonly total?: number | undefined } | undefined;
}

/** An attempt at a step ended. */
export interface StepFinish extends StepPlace {
  /** `success`, `failure`, `unknown`, or what a rule of the step says. */
  readonly event: string;
  /** The next step or terminal state; absent when the step is tried again, or nobody knows yet. */
  readonly next?: string | undefined;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly metrics: Metrics;
}

/** A run ended, or stopped where it can be resumed. */
export interface RunEnd {
  readonly runId: string;
  readonly path: readonly string[];
  readonly status: RunStatus;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly metrics: Metrics;
  /** How often each step was come to. */
  readonly visits: Readonly<Record<string, number>>;
}

/** A remark of the runner or of a server. */
export interface LogEntry {
  readonly level: "debug" | "info" | "warning" | "error";
  readonly message: string;
  readonly runId?: string | undefined;
  readonly step?: string | undefined;
}

/** Something only a person can say. */
export interface Question {
  /** Names the question in a file of answers: `STEP.confirm`, `STEP.plan`, `STEP.unknown`, `STEP.ask`, `STEP.FIELD`. */
  readonly id: string;
  readonly runId: string;
  readonly step: string;
  readonly text: string;
  /** The answers there are; absent: any text. */
  readonly options?: readonly string[] | undefined;
  /** With `options`: whether other text is an answer too, such as what is to be changed. */
  readonly free?: boolean | undefined;
  /** What an empty answer means. */
  readonly initial?: string | undefined;
}

/** How a question is put. */
export interface AskOptions {
  /** Aborted when nobody waits for the answer any more: the run stops, or its time is over. */
  readonly signal: AbortSignal;
}

/**
 * What shows a run to people and asks them. The runner calls it after what it tells of was recorded, in order, and
 * waits for `ask` alone; an interface that throws is told of no more, and the run goes on without it.
 */
export interface PlanInterface {
  onStart(run: RunStart): void;
  onStepStart(step: StepStart): void;
  onStepUpdate(update: StepUpdate): void;
  onStepFinish(step: StepFinish): void;
  onLog(entry: LogEntry): void;
  onComplete(end: RunEnd): void;
  /**
   * Puts a question to a person. Several may be open at once.
   * @returns one of the options, or text where that is allowed
   * @throws `E_INPUT_UNSUPPORTED` when there is nobody to ask, `E_INTERRUPTED` once the signal aborts
   */
  ask(question: Question, options: AskOptions): Promise<string>;
  /** Gives back what it holds, such as a terminal or a port. Safe to call twice. */
  close(): Promise<void>;
}
