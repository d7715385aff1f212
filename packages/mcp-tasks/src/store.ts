import type { TaskRecord } from "./task.ts";

/** A task and the version that the next writer must know; it grows with each write. */
export interface StoredTask {
  readonly task: TaskRecord;
  readonly version: number;
}

/**
 * Where tasks live. A resolved write is as durable as the store is. Several processes may share one: a write that
 * does not know the last version is refused, and a process that runs tasks says from time to time that it lives.
 */
export interface TaskStore {
  /** @returns `false` when the id is taken. */
  create(task: TaskRecord): Promise<boolean>;
  read(taskId: string): Promise<StoredTask | undefined>;
  /** Writes the task if it is still at that version. @returns `undefined` when somebody else wrote or removed it. */
  replace(task: TaskRecord, version: number): Promise<StoredTask | undefined>;
  /** Removing what is not there is fine. */
  remove(taskId: string): Promise<void>;
  /** At most `limit` tasks with greater ids, in order of id. */
  page(after: string | undefined, limit: number): Promise<readonly StoredTask[]>;
  /** Says that a runner lives until then (epoch milliseconds); 0 forgets it. */
  beat(runner: string, untilMs: number): Promise<void>;
  /** Until when a runner said it lives; 0 when it is not known. */
  aliveUntil(runner: string): Promise<number>;
}
