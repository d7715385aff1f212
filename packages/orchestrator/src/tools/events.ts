import type { Queue, QueueEvent } from "@parley/queue";
import { defineEvents } from "@parley/tool-registry";
import type { EventSource } from "@parley/tool-registry";
import { z } from "zod";
import { present, statusOf } from "./views.ts";

/** An event as clients get it. Payloads and results never enter events. */
export function viewEvent({ seq, at, type, taskId, from, to, attempt, actor, data }: QueueEvent): object {
  return {
    seq,
    at,
    type,
    attempt,
    ...present({
      task_id: taskId,
      from: from && statusOf(from),
      to: to && statusOf(to),
      actor: actor === "" ? undefined : actor,
    }),
    data,
  };
}

/** The queue's log as a source of events, for `subscribe`. */
export function taskEvents(queue: Queue): EventSource {
  return defineEvents({
    name: "tasks",
    description:
      "What happens to tasks, in order and numbered without gaps; after is the last number already seen.",
    capabilities: ["replay"],
    input: z.object({ after: z.int().min(0).optional(), task_id: z.string().optional() }),
    subscribe({ after, task_id: id }, sink) {
      const follow = async (): Promise<void> => {
        for await (const event of queue.subscribe({ signal: sink.signal, ...present({ after }) })) {
          if (id === undefined || event.taskId === id) sink.emit(viewEvent(event));
        }
      };
      follow().catch((error: unknown) => sink.fail(error));
    },
  });
}
