import { newId, ParleyError } from "@parley/core";
import { createChanges } from "./_changes.ts";
import { createHeartbeat } from "./_heartbeat.ts";
import { createRuns } from "./_runs.ts";
import { createKeeper } from "./_keeper.ts";
import { newTask } from "./_new-task.ts";
import { settingsOf, type TaskCall, type TasksOptions } from "./options.ts";
import { type JsonObject, type TaskRecord, taskView, type TaskView } from "./task.ts";

/** Runs calls as tasks that outlive the request they came with. */
export interface Tasks {
  /**
   * Starts the work once the task is stored.
   * @throws `E_TASK_LIMIT` when the owner holds or this process runs too many, `E_SERVER_CLOSING` after `close`
   */
  start(call: TaskCall): Promise<TaskView>;
  /** @throws `E_TASK_UNKNOWN`, also for another owner's task */
  get(taskId: string, owner: string): Promise<TaskView>;
  /** Gives answers, all or some; those to questions that are not open are ignored. @throws `E_TASK_UNKNOWN` */
  update(taskId: string, owner: string, responses: Readonly<Record<string, JsonObject>>): Promise<void>;
  /** Ends a task; one that has ended stays as it is. @throws `E_TASK_UNKNOWN` */
  cancel(taskId: string, owner: string): Promise<void>;
  /** The task once it has ended or asks something, or as it is after that time. @throws `E_TASK_UNKNOWN` */
  wait(taskId: string, options: WaitOptions): Promise<TaskView>;
  /** Called with each change that this process writes or finds. */
  onChange(listener: (view: TaskView, owner: string) => void): () => void;
  /**
   * Forgets expired tasks, fails those that ran too long, and fails or resumes those whose process has gone. Runs by
   * itself before the first task and then from time to time.
   */
  sweep(): Promise<void>;
  /** Lets work finish for `graceMs` (default 0), then fails what still runs. Safe to call twice. */
  close(graceMs?: number): Promise<void>;
}

/** How {@link Tasks.wait} waits. */
export interface WaitOptions {
  readonly owner: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Creates the engine. It starts timers with its first task, and none of them keeps the process alive. */
export function createTasks(options: TasksOptions): Tasks {
  const settings = settingsOf(options);
  const { store } = settings;
  const runner = newId("runner");
  const changes = createChanges(settings);
  const runs = createRuns(settings, changes, runner);
  const heart = createHeartbeat(settings, runs, runner);
  const keeper = createKeeper({ settings, changes, runs, heart, runner });
  let closing: Promise<void> | undefined;

  const find = async (taskId: string, owner: string): Promise<TaskRecord> => {
    const task = await keeper.find(taskId);
    if (task !== undefined && task.owner === owner) return task;
    const shown = JSON.stringify(taskId.slice(0, 64));
    throw new ParleyError(
      "E_TASK_UNKNOWN",
      `There is no task ${shown}: it was never started or has expired.`,
    );
  };

  return {
    async start(call) {
      if (closing !== undefined)
        throw new ParleyError("E_SERVER_CLOSING", "The server is closing and starts no more tasks.");
      const release = await keeper.admit(call.owner);
      try {
        await heart.beat();
        const task = newTask(call, settings, runner);
        // The run is known before the task is, so that no sweep takes the task for a lost one.
        await runs.launch(task.taskId, call.work, store.create(task));
        heart.start();
        return taskView(task);
      } catch (error) {
        keeper.dismiss(call.owner);
        throw error;
      } finally {
        release();
      }
    },
    get: async (taskId, owner) => taskView(await find(taskId, owner)),
    async update(taskId, owner, responses) {
      await find(taskId, owner);
      await changes.apply(taskId, () => ({ kind: "answer", responses }));
    },
    async cancel(taskId, owner) {
      await find(taskId, owner);
      await changes.apply(taskId, () => ({ kind: "cancel" }));
    },
    wait,
    onChange: (listener) => changes.listen(({ task }) => listener(taskView(task), task.owner)),
    sweep: () => keeper.sweep(),
    close(graceMs = 0) {
      closing ??= shut(graceMs);
      return closing;
    },
  };

  async function wait(taskId: string, { owner, timeoutMs, signal }: WaitOptions): Promise<TaskView> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const changed = changes.next(taskId, signal);
      try {
        const task = await find(taskId, owner);
        const left = deadline - performance.now();
        if (task.status !== "working" || left <= 0) return taskView(task);
        // Another process tells nobody: look again after a while.
        await changed.within(Math.min(left, settings.pollIntervalMs));
      } finally {
        changed.stop();
      }
    }
  }

  async function shut(graceMs: number): Promise<void> {
    keeper.stop();
    await runs.close(graceMs);
    await heart.stop();
  }
}
