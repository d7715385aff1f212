import { ParleyError } from "@parley/core";
import type { Lease } from "@parley/queue";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool, ToolContext } from "@parley/tool-registry";
import { z } from "zod";
import { queues } from "../task-spec.ts";
import { actorOf } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { ClaimView, statusOf, viewClaim } from "./views.ts";

export const taskId = z.string().min(1).max(200).describe("Id of the task, as add_task gave it");

const Taking = z.object({
  worker: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Your name, shown to others; default: your credential's"),
  lease_seconds: z
    .number()
    .min(1)
    .max(3600)
    .default(300)
    .describe("How long the task is yours without a heartbeat"),
});
type Taking = z.output<typeof Taking>;

const claiming = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };

const request = ({ worker, lease_seconds: seconds }: Taking, context: ToolContext) => ({
  worker: worker ?? actorOf(context),
  leaseMs: seconds * 1000,
});

async function taken({ queue, held }: Desk, lease: Lease, context: ToolContext): Promise<ClaimView> {
  held.keep(lease, context);
  return viewClaim(lease, (await queue.get(lease.id))?.maxAttempts ?? lease.attempt);
}

export function getNextTaskTool(desk: Desk): Tool {
  return defineTool({
    name: "get_next_task",
    description:
      "Claims the task that is next: no other client gets it while your lease lasts. Complete or fail it, and send heartbeats for long work. With wait_seconds it waits for one.",
    annotations: claiming,
    scope: "dispatch",
    input: Taking.extend({ wait_seconds: z.number().min(0).max(50).default(0) }),
    output: z.object({ task: ClaimView.nullable() }),
    async handler(given, context) {
      const wait = { waitMs: given.wait_seconds * 1000, signal: context.signal };
      const [lease] = await desk.queue.claim({ ...request(given, context), queues: [queues.external] }, wait);
      if (lease === undefined) return toolResult({ text: "No pending tasks", structured: { task: null } });
      const task = await taken(desk, lease, context);
      return toolResult({ text: JSON.stringify(task, null, 2), structured: { task } });
    },
  });
}

export function startTaskTool(desk: Desk): Tool {
  return defineTool({
    name: "start_task",
    description: "Claims one task by its id, out of turn; refused when it is not pending.",
    annotations: claiming,
    scope: "dispatch",
    input: Taking.extend({ task_id: taskId }),
    output: z.object({ task: ClaimView }),
    async handler(given, context) {
      const { task_id: id } = given;
      const [lease] = await desk.queue.claim({ ...request(given, context), ids: [id] });
      if (lease === undefined) throw await notStarted(desk, id);
      const task = await taken(desk, lease, context);
      return toolResult({ text: `Started task: ${id} (attempt ${task.attempts})`, structured: { task } });
    },
  });
}

async function notStarted({ queue }: Desk, id: string): Promise<ParleyError> {
  const task = await queue.get(id);
  if (task === undefined) {
    const details = { code: "unknown_task", id };
    return new ParleyError("E_QUEUE_REFUSED", `Task not found: ${id}`, { details });
  }
  const status = statusOf(task.state);
  const why = task.state === "pending" ? "pending but a limit is reached or its queue is paused" : status;
  const message = `The task ${id} cannot be started: it is ${why}.`;
  return new ParleyError("E_QUEUE_REFUSED", message, { details: { code: "wrong_state", id, status } });
}
