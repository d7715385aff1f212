import { ParleyError } from "@parley/core";
import type { Lease, LeaseRef } from "@parley/queue";
import { accept } from "@parley/queue";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool, ToolContext } from "@parley/tool-registry";
import { z } from "zod";
import { keepLease } from "../keep-lease.ts";
import { attemptFor } from "../run-attempt.ts";
import { settleResult } from "../settle-result.ts";
import type { Settled } from "../settle-result.ts";
import { readSpec } from "../task-spec.ts";
import { taskId } from "./claim.ts";
import { actorOf } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { present, statusOf } from "./views.ts";

export const leaseToken = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe("From get_next_task or start_task; may be left out on the connection that claimed the task");

const result = z.unknown().describe("What was made: text or any JSON, up to 1 MiB");

const Verdicts = z.array(z.object({ type: z.string(), verdict: z.string(), detail: z.string().optional() }));
const Ended = z.object({
  id: z.string(),
  status: z.string(),
  repeated: z.literal(true).optional(),
  verdicts: Verdicts.optional(),
  feedback: z.string().optional(),
});

/** Checks what a client made and ends its attempt. */
async function finish(
  { queue, orchestrator }: Desk,
  given: { readonly lease: LeaseRef; readonly output: unknown },
  context: ToolContext,
): Promise<z.infer<typeof Ended>> {
  const { lease, output } = given;
  const task = await queue.get(lease.id);
  const spec = readSpec(task?.payload);
  if (task === undefined || spec.verify.length === 0) {
    const stored = { output: output ?? null, verdicts: [], by: actorOf(context) };
    return ended({ outcome: await queue.complete(lease, stored) });
  }
  const whole: Lease = {
    ...lease,
    queue: task.queue,
    kind: task.kind,
    attempt: task.attempt,
    leaseUntil: task.createdAt,
    leaseMs: renewMs,
    payload: task.payload,
    priority: task.priority,
    failures: task.failures,
    notes: task.notes,
  };
  const kept = keepLease(queue, whole, context.signal);
  try {
    const attempt = attemptFor(whole, kept);
    const { verifiers, checkRounds: rounds } = orchestrator;
    const made = { lease, subject: { output, attempt, by: actorOf(context) } };
    return ended(await settleResult(made, { store: queue, verifiers, rounds }));
  } finally {
    kept.stop();
  }
}

/** While checks are made the lease is renewed at a third of this. */
const renewMs = 15_000;

function ended({ outcome, judgement }: Settled): z.infer<typeof Ended> {
  const { id, state, repeated } = accept(outcome);
  return {
    id,
    status: statusOf(state),
    ...present({
      repeated,
      verdicts: judgement && [...judgement.verdicts],
      feedback: judgement?.verdict === "pass" ? undefined : judgement?.detail,
    }),
  };
}

function words({ id, status, repeated, feedback }: z.infer<typeof Ended>): string {
  if (repeated && status === "completed")
    return `Task ${id} had been completed already: its first result stays.`;
  if (status === "completed") return `Completed task: ${id}`;
  return `The result of ${id} was not taken (${status}): ${feedback ?? ""}`;
}

export function completeTaskTool(desk: Desk): Tool {
  return defineTool({
    name: "complete_task",
    description:
      "Completes a task you hold, with its result. What the task asks to be verified is checked first; a result that does not pass goes back with feedback.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    scope: "dispatch",
    input: z.object({ task_id: taskId, result, lease_token: leaseToken }),
    output: Ended,
    async handler({ task_id: id, result: output, lease_token: token }, context) {
      const lease = desk.held.of(id, token, context);
      const structured = await finish(desk, { lease, output }, context);
      return toolResult({ text: words(structured), structured });
    },
  });
}

const Item = z.union([Ended, z.object({ id: z.string(), error: z.string(), code: z.string() })]);

export function completeTasksBatchTool(desk: Desk): Tool {
  return defineTool({
    name: "complete_tasks_batch",
    description:
      "Completes several tasks you hold with the same result. Each has its own outcome: one that is refused does not hold up the others.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    scope: "dispatch",
    input: z.object({
      task_ids: z.array(taskId).min(1).max(1000),
      result,
      lease_tokens: z
        .record(z.string(), z.string())
        .default({})
        .describe("Tokens by task id; those of this connection may be left out"),
      atomic: z
        .boolean()
        .default(false)
        .describe("true: all or none; not for tasks whose results are verified"),
    }),
    output: z.object({ completed: z.int(), tasks: z.array(Item) }),
    async handler({ task_ids: given, result: output, lease_tokens: tokens, atomic }, context) {
      const ids = [...new Set(given)];
      const leaseOf = (id: string): LeaseRef =>
        desk.held.of(id, Object.hasOwn(tokens, id) ? tokens[id] : undefined, context);
      const tasks = atomic
        ? await finishAll(desk, { leases: ids.map(leaseOf), output }, context)
        : await Promise.all(
            ids.map((id) =>
              itemOf(id, async () => await finish(desk, { lease: leaseOf(id), output }, context)),
            ),
          );
      const completed = tasks.filter((task) => "status" in task && task.status === "completed").length;
      const text = `Completed ${completed} of ${tasks.length} tasks`;
      return toolResult({ text, structured: { completed, tasks } });
    },
  });
}

/** What became of one task of a batch, a refusal included. */
async function itemOf(id: string, work: () => Promise<z.infer<typeof Item>>): Promise<z.infer<typeof Item>> {
  try {
    return await work();
  } catch (error) {
    if (!ParleyError.isInstance(error) || !isAboutOne(error)) throw error;
    const { code } = error.details;
    return { id, error: error.message, code: typeof code === "string" ? code : error.code };
  }
}

/** Completes all or none, in one commit. @throws `E_ARGUMENT_INVALID` for a task whose result is to be verified */
async function finishAll(
  { queue }: Desk,
  { leases, output }: { readonly leases: readonly LeaseRef[]; readonly output: unknown },
  context: ToolContext,
): Promise<z.infer<typeof Item>[]> {
  for (const { id } of leases) {
    if (readSpec((await queue.get(id))?.payload).verify.length === 0) continue;
    const message = `The result of ${id} is to be verified: complete it by itself, or without atomic.`;
    throw new ParleyError("E_ARGUMENT_INVALID", message);
  }
  const result = { output: output ?? null, verdicts: [], by: actorOf(context) };
  const commands = leases.map((lease) => ({ command: "complete" as const, lease, result }));
  const outcomes = await queue.batch(commands, { atomic: true });
  return await Promise.all(
    outcomes.map((outcome, index) => itemOf(leases[index]?.id ?? "", async () => ended({ outcome }))),
  );
}

const isAboutOne = ({ code }: ParleyError): boolean =>
  code === "E_QUEUE_REFUSED" || code === "E_ARGUMENT_INVALID";

export function failTaskTool({ queue, held }: Desk): Tool {
  return defineTool({
    name: "fail_task",
    description:
      "Says that your attempt failed. Unless it is permanent the task is tried again after a pause, until its attempts are used up.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    scope: "dispatch",
    input: z.object({
      task_id: taskId,
      reason: z.string().min(1).max(4000).describe("Why; the next attempt reads it"),
      permanent: z.boolean().default(false).describe("true: no further attempt can succeed"),
      retry_after_seconds: z.number().min(0).max(86_400).optional(),
      lease_token: leaseToken,
    }),
    output: Ended.extend({ will_retry: z.boolean() }),
    async handler(given, context) {
      const { task_id: id, reason, permanent, retry_after_seconds: seconds } = given;
      const lease = held.of(id, given.lease_token, context);
      const outcome = await queue.fail(lease, {
        class: permanent ? "permanent" : "retryable",
        message: reason,
        feedback: reason,
        ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
      });
      const one = ended({ outcome });
      held.drop(id, context);
      const structured = { ...one, will_retry: one.status === "retry_wait" };
      return toolResult({ text: `Failed task: ${id} - ${reason}`, structured });
    },
  });
}
