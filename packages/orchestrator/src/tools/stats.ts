import type { Queue, TaskState } from "@parley/queue";
import type { Safety } from "../port.ts";
import { statusOf } from "./views.ts";

/** The queue in numbers, first in the words of the lab. */
export async function statsView(queue: Queue, safety: Safety): Promise<Readonly<Record<string, unknown>>> {
  const { queues, lastSeq } = await queue.stats();
  const states = new Map<string, number>();
  for (const { states: found } of Object.values(queues)) {
    for (const [state, tasks] of Object.entries(found))
      states.set(state, (states.get(state) ?? 0) + (tasks ?? 0));
  }
  const of = (state: TaskState): number => states.get(state) ?? 0;
  const [completed, failed] = [of("completed"), of("failed")];
  const total = [...states.values()].reduce((sum, tasks) => sum + tasks, 0);
  const ended = completed + failed;
  return {
    total,
    pending: of("pending"),
    in_progress: of("running") + of("verifying"),
    completed,
    failed,
    completion_rate: ended === 0 ? null : completed / ended,
    by_status: Object.fromEntries([...states].map(([state, tasks]) => [statusOf(state as TaskState), tasks])),
    safety: safety.status,
    last_event: lastSeq,
    queues,
  };
}
