import { ParleyError } from "@parley/core";
import type { FlowSubmission, Outcome, TaskSubmission } from "@parley/queue";
import { accept } from "@parley/queue";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import type { Orchestrator } from "../orchestrator.ts";
import { Action, TaskSpec, queues } from "../task-spec.ts";
import { actorOf } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { present, statusOf } from "./views.ts";

const id = z.string().min(1).max(200);

const description = TaskSpec.shape.description.describe("What the task should accomplish");
const Options = z.object({
  priority: z.int().min(1).max(10).default(5).describe("1 is first, 10 last; waiting raises it"),
  max_attempts: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("Failed attempts after which the task has failed"),
  input: z.unknown().optional().describe("Data for whoever does it, as JSON"),
  execute: Action.optional().describe(
    'Who does it, for example {"type": "command", "argv": ["make"]}; without it a client claims the task. The types and their fields are in task://actions',
  ),
  verify: z
    .array(Action)
    .max(10)
    .default([])
    .describe('What must hold of the result, for example [{"type": "regex", "pattern": "^ok"}]'),
  depends_on: z.array(id).max(100).default([]).describe("Ids of tasks that must be completed first"),
  on_parent_failure: z.enum(["fail", "skip", "continue"]).default("fail"),
  idempotency_key: id
    .optional()
    .describe("The same key with the same content names the same task for 7 days"),
  run_at: z.iso.datetime().optional().describe("Not before this time"),
  deadline_at: z.iso.datetime().optional().describe("Failed when it is unfinished at this time"),
});

const Added = z.object({ id, status: z.string(), repeated: z.literal(true).optional() });

/** A task as the queue takes it. @throws `E_ARGUMENT_INVALID` for an executor or verifier that cannot do what is asked */
function submission(
  given: z.output<typeof Options> & { readonly description: string },
  { actor, orchestrator }: { actor: string; orchestrator: Orchestrator },
): TaskSubmission {
  const { input, execute, verify } = given;
  if (execute !== undefined) known("executor", orchestrator.executors, execute.type).check(execute);
  for (const action of verify) known("verifier", orchestrator.verifiers, action.type).check(action);
  return {
    queue: execute === undefined ? queues.external : queues.automatic,
    payload: { description: given.description, verify, ...present({ input, execute }) },
    priority: given.priority,
    maxAttempts: given.max_attempts,
    dependsOn: given.depends_on,
    onParentFailure: given.on_parent_failure,
    actor,
    ...present({
      idempotencyKey: given.idempotency_key,
      runAt: given.run_at,
      deadlineAt: given.deadline_at,
    }),
  };
}

function known<Kind>(what: string, kinds: ReadonlyMap<string, Kind>, type: string): Kind {
  const found = kinds.get(type);
  if (found !== undefined) return found;
  const names = [...kinds.keys()].toSorted().join(", ") || "none";
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `There is no ${what} ${JSON.stringify(type.slice(0, 64))} here; there is ${names}.`,
  );
}

function added(outcome: Outcome): z.infer<typeof Added> {
  const { id: made, state, repeated } = accept(outcome);
  return { id: made, status: statusOf(state), ...present({ repeated }) };
}

const One = Options.extend({ description });

export function addTaskTool({ queue, orchestrator }: Desk): Tool {
  return defineTool({
    name: "add_task",
    description: "Adds a task to the queue. It is stored before this answers.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    scope: "dispatch",
    input: One,
    output: Added,
    async handler(given, context) {
      const task = submission(given, { actor: actorOf(context), orchestrator });
      const structured = added(await queue.submit(task));
      return toolResult({ text: `Created task: ${structured.id}`, structured });
    },
  });
}

const Member = Options.partial().extend({
  description,
  ref: id.optional().describe("A name by which other tasks of this call can depend on it"),
});

export function addTasksBatchTool({ queue, orchestrator }: Desk): Tool {
  return defineTool({
    name: "add_tasks_batch",
    description:
      "Adds up to 1000 tasks, all or none. Give descriptions, or tasks with options; depends_on may name a ref of the same call.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    scope: "dispatch",
    input: z.object({
      descriptions: z.array(description).max(1000).default([]),
      tasks: z.array(Member).max(1000).default([]),
    }),
    output: z.object({ tasks: z.array(Added.extend({ ref: id.optional() })) }),
    async handler({ descriptions, tasks }, context) {
      const given = [...descriptions.map((text) => ({ description: text })), ...tasks];
      if (given.length === 0 || given.length > 1000) {
        throw new ParleyError("E_ARGUMENT_INVALID", "add_tasks_batch takes 1 to 1000 tasks in one call.");
      }
      const options = { actor: actorOf(context), orchestrator };
      const flow = given.map((task, index): FlowSubmission => {
        const { ref = `#${index + 1}`, ...rest } = task as z.output<typeof Member>; // a description alone is one too
        return {
          ...submission({ ...Options.parse({}), ...present(rest), description: task.description }, options),
          ref,
        };
      });
      const outcomes = await queue.submitFlow(flow);
      refuseFirst(outcomes);
      const made = outcomes.map((outcome, index) => ({ ...added(outcome), ref: flow[index]?.ref ?? "" }));
      const text = `Created ${made.length} tasks: ${made
        .slice(0, 20)
        .map((one) => one.id)
        .join(", ")}${made.length > 20 ? ", …" : ""}`;
      return toolResult({ text, structured: { tasks: made } });
    },
  });
}

/** The refusal that undid the call, rather than those of the tasks it took with it. */
function refuseFirst(outcomes: readonly Outcome[]): void {
  const cause = outcomes.find((outcome) => !outcome.ok && outcome.refusal.code !== "not_done");
  if (cause !== undefined) accept(cause);
}
