import type { Failure, Queue } from "@parley/queue";
import type { ChatUsage } from "@parley/llm";
import type { Action, TaskSpec } from "./task-spec.ts";

/** Where tasks come from and where their ends are written; a queue is one. */
export type TaskStore = Pick<
  Queue,
  "claim" | "heartbeat" | "verify" | "complete" | "fail" | "release" | "confirmCancel" | "get"
>;

/** One attempt at a task. */
export interface Attempt {
  readonly id: string;
  /** Counts claims. */
  readonly number: number;
  /** The same for every attempt at the task: give it to whatever has side effects. */
  readonly idempotencyKey: string;
  readonly spec: TaskSpec;
  /** What was said about earlier attempts, oldest first. */
  readonly feedback: readonly string[];
  /** Aborts when the lease is lost, the task is cancelled, or the run ends. */
  readonly signal: AbortSignal;
  progress(done: number, total?: number, message?: string): void;
}

/** What an attempt consumed. */
export type Usage = Pick<ChatUsage, "costUsd" | "inputTokens" | "outputTokens">;

/** What came of executing. */
export type Execution =
  | {
      readonly ok: true;
      /** Any JSON. */
      readonly output: unknown;
      readonly usage?: Usage | undefined;
      /** Who made it, where that can be told, such as the id of a model. */
      readonly by?: string | undefined;
    }
  | { readonly ok: false; readonly failure: Failure; readonly usage?: Usage | undefined };

/** Does tasks of one type. */
export interface Executor {
  readonly type: string;
  readonly description: string;
  /** JSON Schema of what its actions say beside the type. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Who makes what it makes, where that can be told. */
  readonly identity?: string | undefined;
  /** @throws `E_ARGUMENT_INVALID` for an action it could not do */
  check(action: Action): void;
  /** What it throws counts as a failure of the attempt. */
  execute(action: Action, attempt: Attempt): Promise<Execution>;
}

/** What is judged. */
export interface Subject {
  readonly output: unknown;
  readonly attempt: Attempt;
  readonly by?: string | undefined;
}

/** What a verifier found. `inconclusive` says nothing about the task. */
export type Verdict =
  | { readonly verdict: "pass"; readonly usage?: Usage | undefined }
  | {
      readonly verdict: "fail";
      /** What the next attempt is told. */
      readonly feedback: string;
      /** `fatal`: no further attempt can pass. */
      readonly severity?: "fatal" | undefined;
      readonly usage?: Usage | undefined;
    }
  | { readonly verdict: "inconclusive"; readonly reason: string; readonly usage?: Usage | undefined };

/** Checks results in one way. */
export interface Verifier {
  readonly type: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Who judges, where that is somebody: nobody may judge their own work. Absent: the same result gets the same verdict. */
  readonly identity?: string | undefined;
  /** @throws `E_ARGUMENT_INVALID` for an action it could not check */
  check(action: Action): void;
  /** What it throws is no failure of the task: the check was inconclusive. */
  verify(action: Action, subject: Subject): Promise<Verdict>;
}

/** Why no attempt is begun. */
export interface Trip {
  readonly reason:
    | "iterations"
    | "wall_time"
    | "cost"
    | "tokens"
    | "consecutive_failures"
    | "failure_ratio"
    | "identical_error"
    | "no_progress";
  /** One sentence with the figures. */
  readonly message: string;
}

/** What became of an attempt, for the one who watches over safety. */
export interface AttemptOutcome {
  readonly taskId: string;
  readonly ok: boolean;
  readonly usage: Usage;
  /** Of a failed attempt. */
  readonly error?: string | undefined;
  /** Digest of what was made. */
  readonly output?: string | undefined;
}

/** Leave to begin one attempt, or why not. */
export type Admission =
  | {
      readonly ok: true;
      /** Tells what became of it; without an outcome nothing was begun. */
      settle(outcome?: AttemptOutcome): void;
    }
  | { readonly ok: false; readonly trip: Trip };

/** How it stands: `half_open` lets one attempt through to see. */
export interface SafetyStatus {
  readonly state: "closed" | "open" | "half_open";
  readonly trip?: Trip | undefined;
  readonly iterations: number;
  readonly failures: number;
  readonly costUsd: number;
  readonly tokens: number;
}

/** Decides whether another attempt may begin. Tasks are left where they are when it may not. */
export interface Safety {
  admit(): Admission;
  readonly status: SafetyStatus;
  /** Closes it by hand and counts anew. */
  reset(): void;
}
