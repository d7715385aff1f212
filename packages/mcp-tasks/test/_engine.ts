import {
  createMemoryTaskStore,
  createTasks,
  type TaskCall,
  type TasksOptions,
  type TaskRun,
} from "@parley/mcp-tasks";
import { fakeClock } from "@parley/testing";
import { onTestFinished } from "vitest";

/** An engine on a memory store and a clock that stands still. */
export function engine(options: Partial<TasksOptions> = {}) {
  const clock = fakeClock();
  const store = options.store ?? createMemoryTaskStore();
  const errors: unknown[] = [];
  const tasks = createTasks({ store, clock, onError: (error) => errors.push(error), ...options });
  onTestFinished(() => tasks.close());
  return { tasks, store, clock, errors };
}

/** A call of `ann` whose work is held in the test's hand; stubborn work ignores that it is aborted. */
export function heldCall(known: Partial<TaskCall> = {}, { stubborn = false } = {}) {
  const held: { resolve?: (value: Record<string, unknown>) => void; reject?: (error: unknown) => void } = {};
  const outcome = new Promise<Record<string, unknown>>((resolve, reject) => {
    held.resolve = resolve;
    held.reject = reject;
  });
  outcome.catch(() => undefined);
  let begun: (run: TaskRun) => void = () => undefined;
  const running = new Promise<TaskRun>((resolve) => {
    begun = resolve;
  });
  const call: TaskCall = {
    owner: "ann",
    title: "held",
    work: (run) => {
      begun(run);
      if (!stubborn) run.signal.addEventListener("abort", () => held.reject?.(run.signal.reason));
      return outcome;
    },
    ...known,
  };
  return {
    call,
    running,
    finish: (result: Record<string, unknown>) => held.resolve?.(result),
    fail: (error: unknown) => held.reject?.(error),
  };
}
