import type { TaskInput } from "./schema.ts";
import type { TaskState } from "./states.ts";

/** A row of `tasks`. Times are ms; `leaseUntil`, `attemptEnd`, `cancelEnd`, `alarmAt` are steady time. */
export interface TaskRow {
  readonly seq: number;
  readonly id: string;
  readonly queue: string;
  readonly kind: string;
  state: TaskState;
  readonly priority: number;
  /** Claims take the lowest: `readyAt` plus what the priority is worth in waiting. */
  rank: number;
  readyAt: number;
  /** 1 while a saturated concurrency key keeps a pending task out of the way of claims. */
  parked: number;
  /** Wall time when scheduled, steady time in `retry_wait`. */
  wakeAt: number | null;
  token: string | null;
  worker: string | null;
  leaseMs: number | null;
  leaseUntil: number | null;
  attemptEnd: number | null;
  cancelEnd: number | null;
  alarmAt: number | null;
  attempt: number;
  failures: number;
  crashes: number;
  readonly maxAttempts: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineAt: number | null;
  waitingOn: number;
  readonly onParentFailure: TaskInput["onParentFailure"];
  readonly concurrencyKey: string | null;
  readonly actor: string;
  readonly redriveOf: string | null;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

/** A row of `contents`; every column but `seq` is JSON. */
export interface ContentRow {
  readonly seq: number;
  readonly payload: string;
  readonly result: string | null;
  readonly error: string | null;
  readonly progress: string | null;
  readonly notes: string | null;
}

/** A row of `events`. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly queue: string;
  readonly taskSeq: number | null;
  readonly taskId: string | null;
  readonly fromState: TaskState | null;
  readonly toState: TaskState | null;
  readonly attempt: number;
  readonly actor: string;
  readonly data: string;
  readonly hash: string;
}
