import type { QueueEvent } from "./schema.ts";
import type { TaskState } from "./states.ts";
import { isLeased } from "./states.ts";

/** What the log alone says about a task. */
export interface ReplayedTask {
  readonly queue: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly failures: number;
  readonly crashes: number;
  readonly cancelRequested: boolean;
}

/** Why a log cannot have been written by a queue. */
export interface ReplayProblem {
  readonly seq: number;
  readonly problem: string;
}

const untold = { attempt: 0, failures: 0, crashes: 0, cancelRequested: false };

/** What one change of state makes of a task, or why it cannot be. */
function apply(before: ReplayedTask | undefined, event: QueueEvent): ReplayedTask | string {
  const { type, queue, from, to } = event;
  const { attempt, failures, crashes, cancelRequested } = before ?? untold;
  if (to === undefined) return "a change to no state";
  if (before?.state !== from)
    return `a change from ${from ?? "nothing"}, not from ${before?.state ?? "nothing"}`;
  const next = attempt + (type === "claimed" ? 1 : 0);
  if (next !== event.attempt) return `attempt ${event.attempt} follows attempt ${attempt}`;
  return {
    queue,
    state: to,
    attempt: next,
    failures: failures + (type === "attempt_failed" || type === "timed_out" ? 1 : 0),
    crashes: crashes + (type === "lease_expired" ? 1 : 0),
    cancelRequested: isLeased(to) && cancelRequested,
  };
}

/** Rebuilds tasks from their events; the basis of `check()` and of followers that keep their own copy. */
export function replay(events: Iterable<QueueEvent>): {
  tasks: Map<string, ReplayedTask>;
  problems: ReplayProblem[];
} {
  const tasks = new Map<string, ReplayedTask>();
  const problems: ReplayProblem[] = [];
  for (const event of events) {
    const { taskId, seq } = event;
    if (taskId === undefined) continue;
    const before = tasks.get(taskId);
    if (event.to === undefined) {
      if (before && event.type === "cancel_requested")
        tasks.set(taskId, { ...before, cancelRequested: true });
      continue;
    }
    // The log may begin after this task did.
    if (!before && event.from !== undefined) continue;
    const after = apply(before, event);
    if (typeof after === "string") problems.push({ seq, problem: `${taskId}: ${after}` });
    else tasks.set(taskId, after);
  }
  return { tasks, problems };
}
