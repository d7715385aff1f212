import { ParleyError } from "@parley/core";
import type { Task } from "@parley/queue";
import { accept } from "@parley/queue";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import { readCheckpoint } from "../result.ts";
import { taskId } from "./claim.ts";
import { actorOf } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { leaseToken } from "./finish.ts";
import { TaskView, present, statusOf, viewTask } from "./views.ts";

const changing = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false };

async function known({ queue }: Desk, id: string): Promise<Task> {
  const task = await queue.get(id);
  if (task !== undefined) return task;
  const details = { code: "unknown_task", id };
  throw new ParleyError("E_QUEUE_REFUSED", `Task not found: ${id}`, { details });
}

export function retryTaskTool(desk: Desk): Tool {
  const { queue, held } = desk;
  return defineTool({
    name: "retry_task",
    description:
      "Has a task tried again, with feedback for the next attempt: at once when it waits for that; as a new task when it has failed; given back when you hold it, which counts as a failed attempt.",
    annotations: { ...changing, idempotentHint: false },
    scope: "dispatch",
    input: z.object({ task_id: taskId, feedback: z.string().max(4000).default(""), lease_token: leaseToken }),
    output: z.object({ id: z.string(), status: z.string(), again_after: z.string().optional() }),
    async handler({ task_id: id, feedback: given, lease_token: token }, context) {
      const task = await known(desk, id);
      const feedback = given === "" ? undefined : given;
      const actor = actorOf(context);
      if (task.state === "failed") {
        const { ids } = await queue.redrive({ ids: [id], actor, confirm: true, ...present({ feedback }) });
        const [again] = ids;
        if (again === undefined) {
          const message = `The failed task ${id} was tried again already: look for the task made from it.`;
          throw new ParleyError("E_QUEUE_REFUSED", message, { details: { code: "wrong_state", id } });
        }
        const structured = { id: again, status: "pending", again_after: id };
        return toolResult({ text: `Task ${id} had failed; task ${again} tries it again`, structured });
      }
      const inHands = task.state === "running" || task.state === "verifying";
      const message = feedback ?? "It was given back to be tried again.";
      const outcome = inHands
        ? await queue.fail(held.of(id, token, context), {
            class: "retryable",
            message,
            ...present({ feedback }),
          })
        : await queue.retry(id, { actor, feedback });
      const { state } = accept(outcome);
      held.drop(id, context);
      const text = state === "failed" ? `Task ${id} exceeded max attempts` : `Task ${id} queued for retry`;
      return toolResult({ text, structured: { id, status: statusOf(state) } });
    },
  });
}

export function heartbeatTaskTool({ queue, held }: Desk): Tool {
  return defineTool({
    name: "heartbeat_task",
    description:
      "Keeps a task yours for another lease, and tells others how far it is. Stop when it says cancel_requested.",
    annotations: changing,
    scope: "dispatch",
    input: z.object({
      task_id: taskId,
      progress: z.unknown().optional().describe('How far it is, for example {"done": 3, "total": 10}'),
      lease_token: leaseToken,
    }),
    output: z.object({
      id: z.string(),
      status: z.string(),
      lease_until: z.string(),
      cancel_requested: z.boolean(),
    }),
    async handler({ task_id: id, progress, lease_token: token }, context) {
      const outcome = accept(await queue.heartbeat(held.of(id, token, context), progress));
      return {
        id,
        status: statusOf(outcome.state),
        lease_until: outcome.leaseUntil ?? "",
        cancel_requested: outcome.cancelRequested === true,
      };
    },
  });
}

export function releaseTaskTool({ queue, held }: Desk): Tool {
  return defineTool({
    name: "release_task",
    description:
      "Gives a task back that you hold. No failure is counted; one that was to be cancelled is cancelled.",
    annotations: changing,
    scope: "dispatch",
    input: z.object({ task_id: taskId, lease_token: leaseToken }),
    output: z.object({ id: z.string(), status: z.string() }),
    async handler({ task_id: id, lease_token: token }, context) {
      const { state } = accept(await queue.release(held.of(id, token, context)));
      held.drop(id, context);
      return { id, status: statusOf(state) };
    },
  });
}

export function stopTaskTool({ queue }: Desk): Tool {
  return defineTool({
    name: "stop_task",
    description:
      "Cancels a task. One in a worker's hands is asked to stop at the next heartbeat, and is taken away after 30 seconds.",
    annotations: { ...changing, destructiveHint: true },
    scope: "dispatch",
    input: z.object({ task_id: taskId, reason: z.string().max(1000).default("") }),
    output: z.object({ id: z.string(), status: z.string(), cancel_requested: z.boolean() }),
    async handler({ task_id: id, reason }, context) {
      const outcome = accept(await queue.cancel(id, { actor: actorOf(context), reason }));
      const { state, cancelRequested } = outcome;
      return { id, status: statusOf(state), cancel_requested: cancelRequested === true };
    },
  });
}

const Acceptance = z.looseObject({ accept: z.literal(true) });

/** Takes a result that could not be checked, on the word of whoever answered. */
async function acceptKept({ queue }: Desk, task: Task, actor: string): Promise<string | undefined> {
  const made = readCheckpoint(task.progress);
  if (made === undefined) return undefined;
  const [lease] = await queue.claim({ worker: actor, ids: [task.id] });
  // Somebody was faster; an orchestrator takes the result, a client reads the answer.
  if (lease === undefined) return undefined;
  const verdicts = [...made.verdicts, { type: "person", verdict: "pass" as const, detail: actor }];
  return statusOf(accept(await queue.complete(lease, { ...made, verdicts })).state);
}

export function answerTaskTool(desk: Desk): Tool {
  const { queue } = desk;
  return defineTool({
    name: "answer_task",
    description:
      'Answers a task that is input_required. For a result that could not be checked: {"accept": true} takes it, {"accept": false} has it made again.',
    annotations: { ...changing, idempotentHint: false },
    scope: "dispatch",
    input: z.object({ task_id: taskId, answer: z.unknown() }),
    output: z.object({ id: z.string(), status: z.string() }),
    async handler({ task_id: id, answer }, context) {
      const actor = actorOf(context);
      const task = await known(desk, id);
      const { state } = accept(await queue.provideInput(id, answer, { actor }));
      const accepted = Acceptance.safeParse(answer).success ? await acceptKept(desk, task, actor) : undefined;
      return { id, status: accepted ?? statusOf(state) };
    },
  });
}

export function showTaskTool(desk: Desk): Tool {
  return defineTool({
    name: "show_task",
    description: "One task with its attempts, feedback, verdicts and whole result.",
    annotations: { readOnlyHint: true, openWorldHint: false },
    input: z.object({ task_id: taskId }),
    output: TaskView,
    handler: async ({ task_id: id }) => viewTask(await known(desk, id)),
  });
}
