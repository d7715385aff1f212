import { ParleyError } from "@parley/core";
import { ask } from "./_ask.ts";
import type { Changes } from "./_changes.ts";
import { createNotes } from "./_notes.ts";
import { failEvent, resultEvent } from "./_outcome.ts";
import type { Settings, TaskRun, TaskWork } from "./options.ts";
import type { TaskEvent } from "./states.ts";
import { isFinal, type TaskRecord } from "./task.ts";

/** The work this process does for tasks. */
export interface Runs {
  readonly size: number;
  has(taskId: string): boolean;
  /** Begins once the task is stored. @throws what storing threw, `E_INTERNAL` for an id that is taken */
  launch(taskId: string, work: TaskWork, stored: Promise<boolean>): Promise<void>;
  /** Looks at the stored tasks behind the runs: others may have ended or answered them. */
  watch(): Promise<void>;
  /** Lets work finish for a while, then fails what still runs. */
  close(graceMs: number): Promise<void>;
}

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  /** The last version heard of; 0 until the task is stored: before that nobody can have removed it. */
  version: number;
}

export function createRuns(settings: Settings, changes: Changes, runner: string): Runs {
  const { store, onError, maxResultBytes } = settings;
  const runs = new Map<string, Run>();
  let closing = false;

  /** A task that another process took over is no longer this one's to write. */
  const mine = (taskId: string, event: TaskEvent): Promise<TaskRecord | undefined> =>
    changes.apply(taskId, (task) => (task.runner === runner ? event : undefined));

  changes.listen(({ task, version }) => {
    const run = runs.get(task.taskId);
    if (run === undefined) return;
    run.version = version;
    if (isFinal(task.status) || task.runner !== runner) run.controller.abort(endOf(task));
  });

  const execute = async (taskId: string, work: TaskWork, run: TaskRun): Promise<void> => {
    const event = await work(run)
      .then((result) => resultEvent(result, maxResultBytes))
      .catch(failEvent);
    if (!closing) await mine(taskId, event);
  };

  return {
    get size() {
      return runs.size;
    },
    has: (taskId) => runs.has(taskId),
    async launch(taskId, work, stored) {
      const controller = new AbortController();
      const { signal } = controller;
      const run: TaskRun = {
        taskId,
        signal,
        progress: createNotes((message) => mine(taskId, { kind: "note", message }), { signal, onError }),
        input: (requests) => ask({ settings, changes, runner, taskId, signal }, requests),
      };
      const created = stored.then((fresh) => {
        if (fresh) return;
        throw new ParleyError("E_INTERNAL", `The task id ${taskId} was given out twice.`);
      });
      const ended = created
        .then(
          () => execute(taskId, work, run),
          () => undefined,
        )
        .catch(onError)
        .finally(() => runs.delete(taskId));
      const entry: Run = { controller, ended, version: 0 };
      runs.set(taskId, entry);
      await created;
      entry.version = Math.max(entry.version, 1);
    },
    async watch() {
      const known = Array.from(runs).filter(([, { version }]) => version > 0);
      for (const [taskId, run] of known) {
        const found = await store.read(taskId);
        if (found === undefined) run.controller.abort(gone(taskId));
        else if (found.version > run.version) changes.tell(found);
      }
    },
    async close(graceMs) {
      const all = Promise.all([...runs.values()].map(({ ended }) => ended));
      await within(graceMs, all);
      closing = true;
      const lost = new ParleyError(
        "E_TASK_LOST",
        "The server closed before the task had ended; start it again.",
      );
      for (const [taskId, { controller }] of runs) {
        await mine(taskId, failEvent(lost)).catch(onError);
        controller.abort(lost);
      }
    },
  };
}

function endOf(task: TaskRecord): ParleyError {
  if (task.status === "cancelled") return new ParleyError("E_INTERRUPTED", "The task was cancelled.");
  return new ParleyError("E_INTERRUPTED", task.error?.message ?? "The task is run by another process now.");
}

function gone(taskId: string): ParleyError {
  return new ParleyError("E_TASK_UNKNOWN", `Task ${taskId} was removed while it ran.`);
}

/** Waits for work, but no longer than that. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
