import type { TaskState } from "@parley/queue";
import { isFinal, isLeased } from "@parley/queue";

/** Defaults of the queue that the model repeats on its own. */
const leaseMs = 30_000;
const graceMs = 30_000;
const agingMs = 60_000;
const timeoutMs = 900_000;
const longestPauseMs = 300_000;
/** Tasks of one key that run at a time; the test sets it. */
const perKey = 1;

export interface ModelTask {
  readonly seq: number;
  readonly priority: number;
  readonly parents: readonly ModelTask[];
  readonly policy: "fail" | "skip" | "continue";
  readonly key: string | undefined;
  state: TaskState;
  attempt: number;
  failures: number;
  crashes: number;
  readyAt: number;
  wakeAt: number;
  leaseUntil: number;
  attemptEnd: number;
  cancelEnd: number;
  /** The attempt whose token still means something. */
  holder: number;
}

/** The queue as a plain list: every rule said again, in the simplest way, with no storage. */
export class ModelQueue {
  readonly tasks: ModelTask[] = [];
  wall = 1e12;
  /** Begins at the wall time of every start, and keeps apart from it until the next one. */
  steady = 1e12;

  submit(task: {
    priority: number;
    parents: readonly ModelTask[];
    policy: ModelTask["policy"];
    delayMs?: number | undefined;
    key?: string | undefined;
  }): ModelTask {
    const { priority, parents, policy, delayMs = 0, key } = task;
    const unique = [...new Set(parents)];
    const made: ModelTask = {
      seq: this.tasks.length + 1,
      priority,
      policy,
      key,
      parents: unique,
      state: "blocked",
      attempt: 0,
      failures: 0,
      crashes: 0,
      holder: 0,
      readyAt: this.wall,
      wakeAt: delayMs > 0 ? this.wall + delayMs : 0,
      leaseUntil: Infinity,
      attemptEnd: Infinity,
      cancelEnd: Infinity,
    };
    this.tasks.push(made);
    this.#unblock(made);
    return made;
  }

  #unblock(task: ModelTask): void {
    const ended = task.parents.filter(({ state }) => isFinal(state));
    const bad = ended.filter(({ state }) => state !== "completed");
    if (bad.length > 0 && task.policy !== "continue") {
      this.#end(task, task.policy === "skip" ? "skipped" : "failed");
    } else if (task.state === "blocked" && ended.length === task.parents.length) this.#ready(task);
  }

  #ready(task: ModelTask): void {
    if (task.wakeAt > this.wall) task.state = "scheduled";
    else this.#pend(task, this.wall);
  }

  #pend(task: ModelTask, readyAt: number): void {
    Object.assign(task, { state: "pending", readyAt, wakeAt: 0 });
    this.#letGo(task);
  }

  #letGo(task: ModelTask): void {
    Object.assign(task, { leaseUntil: Infinity, attemptEnd: Infinity, cancelEnd: Infinity });
  }

  #end(task: ModelTask, state: TaskState): void {
    task.state = state;
    this.#letGo(task);
    for (const child of this.tasks) {
      if (child.parents.includes(task) && (child.state === "blocked" || child.state === "paused"))
        this.#unblock(child);
    }
  }

  claim(): ModelTask | undefined {
    this.#promote();
    const rank = ({ readyAt, priority }: ModelTask): number => readyAt + priority * agingMs;
    const [next] = this.tasks
      .filter(({ state, key }) => state === "pending" && !this.#isSaturated(key))
      .toSorted((left, right) => rank(left) - rank(right) || left.seq - right.seq);
    if (!next) return undefined;
    next.state = "running";
    next.attempt += 1;
    next.holder = next.attempt;
    next.leaseUntil = this.steady + leaseMs;
    next.attemptEnd = this.steady + timeoutMs;
    return next;
  }

  #isSaturated(wanted: string | undefined): boolean {
    const running = this.tasks.filter(({ state, key }) => isLeased(state) && key === wanted);
    return wanted !== undefined && running.length >= perKey;
  }

  #promote(): void {
    for (const task of this.tasks) {
      if (task.state === "scheduled" && task.wakeAt <= this.wall) this.#pend(task, task.wakeAt);
      else if (task.state === "retry_wait" && task.wakeAt <= this.steady) {
        this.#pend(task, this.wall - (this.steady - task.wakeAt));
      }
    }
  }

  /** Whether that attempt holds the task. */
  holds(task: ModelTask, attempt: number): boolean {
    return isLeased(task.state) && task.holder === attempt;
  }

  complete(task: ModelTask): void {
    this.#end(task, "completed");
  }

  fail(task: ModelTask, kind: "retryable" | "permanent" | "rate_limited" | "needs_input"): void {
    if (task.cancelEnd < Infinity) this.#end(task, "cancelled");
    else if (kind === "rate_limited") this.#wait(task, 1000);
    else if (kind === "needs_input") {
      task.state = "input_required";
      this.#letGo(task);
    } else this.#failed(task, kind);
  }

  #wait(task: ModelTask, milliseconds: number): void {
    task.state = "retry_wait";
    task.wakeAt = this.steady + milliseconds;
    this.#letGo(task);
  }

  #failed(task: ModelTask, kind: "retryable" | "permanent"): void {
    task.failures += 1;
    if (kind === "permanent" || task.failures >= 3) this.#end(task, "failed");
    else this.#wait(task, 1000 * 2 ** (task.failures - 1));
  }

  heartbeat(task: ModelTask): void {
    task.leaseUntil = this.steady + leaseMs;
  }

  release(task: ModelTask): void {
    task.holder = 0;
    if (task.cancelEnd < Infinity) this.#end(task, "cancelled");
    else this.#pend(task, this.wall);
  }

  cancel(task: ModelTask): void {
    if (isFinal(task.state)) return;
    if (!isLeased(task.state)) this.#end(task, "cancelled");
    else if (task.cancelEnd === Infinity) task.cancelEnd = this.steady + graceMs;
  }

  pause(task: ModelTask): void {
    if (task.state === "retry_wait") task.wakeAt = 0;
    if (["scheduled", "blocked", "pending", "retry_wait"].includes(task.state)) task.state = "paused";
  }

  resume(task: ModelTask): void {
    if (task.state !== "paused") return;
    task.state = "blocked";
    this.#unblock(task);
  }

  retry(task: ModelTask): void {
    if (task.state === "retry_wait") this.#pend(task, this.wall);
  }

  revoke(task: ModelTask): void {
    if (isLeased(task.state)) this.release(task);
  }

  provideInput(task: ModelTask): void {
    if (task.state === "input_required") this.#pend(task, this.wall);
  }

  /** A worker that was asked to stop has stopped; says whether anybody had asked. */
  confirmCancel(task: ModelTask): boolean {
    const asked = task.cancelEnd < Infinity;
    if (asked) this.#end(task, "cancelled");
    return asked;
  }

  /** Silence while nobody owned the queue proves nothing: leases start anew. */
  restart(): void {
    this.steady = this.wall;
    for (const task of this.tasks) {
      if (isLeased(task.state)) {
        task.leaseUntil = this.steady + leaseMs;
        task.attemptEnd = this.steady + timeoutMs;
        if (task.cancelEnd < Infinity) task.cancelEnd = this.steady + graceMs;
      }
      if (task.state === "retry_wait") task.wakeAt = Math.min(task.wakeAt, this.steady + longestPauseMs);
    }
  }

  sweep(): void {
    for (const task of this.tasks) {
      const cancelled = task.cancelEnd < Infinity;
      if (cancelled && Math.min(task.cancelEnd, task.leaseUntil) <= this.steady) this.#end(task, "cancelled");
      else if (task.leaseUntil <= this.steady) {
        task.crashes += 1;
        task.holder = 0;
        if (task.crashes >= 3) this.#end(task, "failed");
        else this.#pend(task, this.wall);
      } else if (task.attemptEnd <= this.steady) {
        task.holder = 0;
        this.#failed(task, "retryable");
      }
    }
    this.#promote();
  }
}
