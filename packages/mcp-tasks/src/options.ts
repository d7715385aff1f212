import { type Clock, systemClock } from "@parley/core";
import type { TaskStore } from "./store.ts";
import type { InputRequest, JsonObject } from "./task.ts";

/** What the work of a task knows and may do. */
export interface TaskRun {
  readonly taskId: string;
  /** Aborts when the task is cancelled, expires or is taken away. */
  readonly signal: AbortSignal;
  /** Becomes the task's status message; written once a second at most. */
  readonly progress: (done: number, total?: number, message?: string) => void;
  /**
   * Asks the client and waits; the task is `input_required` meanwhile.
   * @returns the answers under the keys that were asked with
   * @throws the signal's reason when the task ends first, `E_TASK_LIMIT` after too many questions
   */
  readonly input: (
    requests: Readonly<Record<string, InputRequest>>,
  ) => Promise<Readonly<Record<string, JsonObject>>>;
}

/** Does what was asked for. A result completes the task, a tool's own failure included; a throw fails it. */
export type TaskWork = (run: TaskRun) => Promise<Readonly<Record<string, unknown>>>;

/** What is to become a task. */
export interface TaskCall {
  /** Who may see the task. */
  readonly owner: string;
  /** What runs: a tool's name. */
  readonly title: string;
  readonly work: TaskWork;
  /** Kept with the task for `resume`; leave it out where nothing is resumed. */
  readonly args?: JsonObject | undefined;
  readonly statusMessage?: string | undefined;
  /** Overrides the engine's. */
  readonly ttlMs?: number | undefined;
  readonly pollIntervalMs?: number | undefined;
}

/** A task whose process has gone. */
export interface OrphanedTask {
  readonly taskId: string;
  readonly owner: string;
  readonly title: string;
  readonly args?: JsonObject | undefined;
  /** Answers that the client gave so far. */
  readonly inputResponses: Readonly<Record<string, JsonObject>>;
}

/** Options of `createTasks`. */
export interface TasksOptions {
  readonly store: TaskStore;
  readonly clock?: Clock | undefined;
  /** Age at which a task that still works is failed; default 24 hours. */
  readonly ttlMs?: number | undefined;
  /** Time for which an ended task can be fetched at least; default 1 hour. */
  readonly retentionMs?: number | undefined;
  /** How often clients are asked to poll; default 1 s. */
  readonly pollIntervalMs?: number | undefined;
  /** Tasks of one owner, ended ones included; default 1000. */
  readonly maxPerOwner?: number | undefined;
  /** Tasks this process runs at once; default 100. */
  readonly maxRunning?: number | undefined;
  /** Longest result as JSON; default 4 MiB. */
  readonly maxResultBytes?: number | undefined;
  /** Silence after which a process that ran tasks counts as gone; default 30 s. */
  readonly leaseMs?: number | undefined;
  /** Time between two sweeps; default 1 minute. */
  readonly sweepMs?: number | undefined;
  /** Work that goes on with a task whose process has gone; `undefined` fails the task. Default: every one fails. */
  readonly resume?: ((task: OrphanedTask) => TaskWork | undefined) | undefined;
  /** Told of faults that no caller can be told of: a store that did not take a result. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Names a task; default a random UUID. Ids are hard to guess: on a server without credentials they protect tasks. */
  readonly newTaskId?: (() => string) | undefined;
}

/** Options with their defaults. */
export type Settings = { readonly [Key in keyof TasksOptions]-?: Exclude<TasksOptions[Key], undefined> };

const minute = 60_000;

export function settingsOf(options: TasksOptions): Settings {
  return {
    store: options.store,
    clock: options.clock ?? systemClock,
    ttlMs: options.ttlMs ?? 1440 * minute,
    retentionMs: options.retentionMs ?? 60 * minute,
    pollIntervalMs: options.pollIntervalMs ?? 1000,
    maxPerOwner: options.maxPerOwner ?? 1000,
    maxRunning: options.maxRunning ?? 100,
    maxResultBytes: options.maxResultBytes ?? 4 * 2 ** 20,
    leaseMs: options.leaseMs ?? minute / 2,
    sweepMs: options.sweepMs ?? minute,
    resume: options.resume ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
    newTaskId: options.newTaskId ?? (() => crypto.randomUUID()),
  };
}
