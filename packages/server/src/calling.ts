import type { Clock } from "@parley/core";
import type { Registry } from "@parley/tool-registry";
import { type Calls, type CallsOptions, createCalls } from "./calls.ts";
import { type TaskRegistry, withTaskTools } from "./task-registry.ts";
import { createTaskCalls, createTaskEngine, type TaskCalls, type TaskServing } from "./tasks.ts";

/** What one server calls with, inside requests and beyond them. */
export interface Calling {
  /** The given registry and the tools for following tasks. */
  readonly registry: TaskRegistry;
  readonly calls: Calls;
  readonly tasks: TaskCalls;
}

interface CallingOptions extends CallsOptions {
  readonly registry: Registry;
  readonly tasks?: TaskServing | undefined;
  readonly clock?: Clock | undefined;
}

export function createCalling({ tasks: serving, ...options }: CallingOptions): Calling {
  const engine = createTaskEngine(serving, options.clock);
  const registry = withTaskTools(options.registry, engine);
  const calls = createCalls({ ...options, registry });
  return {
    registry,
    calls,
    tasks: createTaskCalls({ engine, registry, calls, options: serving }),
  };
}

/** Lets calls and tasks finish for a while, then ends them. */
export async function drainCalling(
  { calls, tasks }: Pick<Calling, "calls" | "tasks">,
  graceMs: number,
): Promise<boolean> {
  // A task that is cut off is lost: that is written down before its call ends as one that was interrupted.
  const closed = tasks.close(graceMs);
  const [ended] = await Promise.all([calls.drain(graceMs, closed), closed]);
  return ended;
}
