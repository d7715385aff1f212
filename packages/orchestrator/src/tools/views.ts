import type { Lease, Task, TaskState } from "@parley/queue";
import { TaskState as State } from "@parley/queue";
import { z } from "zod";
import { TaskResult, readCheckpoint, readResult } from "../result.ts";
import { Action, readSpec } from "../task-spec.ts";

/** The words of clients for where a task stands: the queue's, but for the one in somebody's hands. */
export const Status = z.enum([...State.options.filter((state) => state !== "running"), "in_progress"]);

/** The word for a state. */
export function statusOf(state: TaskState): string {
  return state === "running" ? "in_progress" : state;
}

/** The states that a client's word stands for. */
export function statesOf(status: string): readonly TaskState[] | undefined {
  if (status === "in_progress") return ["running", "verifying"];
  const parsed = State.safeParse(status);
  return parsed.success ? [parsed.data] : undefined;
}

/** A task as clients read it. */
export const TaskView = z.object({
  id: z.string(),
  description: z.string(),
  status: z.string(),
  /** Claims so far. */
  attempts: z.int(),
  /** Failed attempts so far; at `max_attempts` the task has failed. */
  failures: z.int(),
  max_attempts: z.int(),
  /** 1 is first, 10 last. */
  priority: z.int(),
  queue: z.string(),
  created_at: z.string(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  run_at: z.string().optional(),
  worker: z.string().optional(),
  added_by: z.string().optional(),
  waiting_on: z.int().optional(),
  cancel_requested: z.literal(true).optional(),
  input: z.unknown().optional(),
  execute: Action.optional(),
  verify: z.array(Action).optional(),
  /** What was said about earlier attempts. */
  feedback: z.array(z.string()).optional(),
  /** What the task waits to be told. */
  question: z.string().optional(),
  progress: z.unknown().optional(),
  result: z.unknown().optional(),
  verdicts: TaskResult.shape.verdicts.optional(),
  error: z.string().optional(),
  /** The task this one was made from. */
  again_after: z.string().optional(),
});
export type TaskView = z.infer<typeof TaskView>;

/** A task as clients read it, whole. */
export function viewTask(task: Task): TaskView {
  const { description, input, execute, verify } = readSpec(task.payload);
  const result = task.state === "completed" ? readResult(task.result) : undefined;
  const said = task.notes.filter(({ kind }) => kind === "feedback").map(({ value }) => asWords(value));
  const question = task.notes.findLast(({ kind }) => kind === "question")?.value;
  const waits = task.state === "input_required" && question !== undefined;
  return {
    ...viewBasics(task, description),
    ...present({
      input,
      execute,
      verify: verify.length > 0 ? verify : undefined,
      feedback: said.length > 0 ? said : undefined,
      question: waits ? asWords(question) : undefined,
      progress: readCheckpoint(task.progress) === undefined ? task.progress : undefined,
      result: result?.output,
      verdicts: result === undefined || result.verdicts.length === 0 ? undefined : result.verdicts,
      error: task.state === "completed" ? undefined : task.error?.message,
      again_after: task.redriveOf,
    }),
  };
}

function viewBasics(task: Task, description: string): TaskView {
  const { id, state, attempt, failures, maxAttempts, priority, queue, createdAt } = task;
  return {
    id,
    description,
    status: statusOf(state),
    attempts: attempt,
    failures,
    max_attempts: maxAttempts,
    priority,
    queue,
    created_at: createdAt,
    ...present({
      started_at: task.startedAt,
      finished_at: task.finishedAt,
      run_at: task.runAt,
      worker: task.worker,
      added_by: task.actor === "" ? undefined : task.actor,
      waiting_on: task.waitingOn > 0 ? task.waitingOn : undefined,
      cancel_requested: task.cancelRequested || undefined,
    }),
  };
}

/** Results up to that many characters are shown in lists; longer ones are cut there, and say so. */
const shownResult = 1000;

/** A task as one line of a list. */
export function viewLine(task: Task): Readonly<Record<string, unknown>> {
  const { verify: _verify, execute: _execute, input: _input, result, ...view } = viewTask(task);
  if (result === undefined) return view;
  const text = typeof result === "string" ? result : JSON.stringify(result);
  if (text.length <= shownResult) return { ...view, result };
  return {
    ...view,
    result: text.slice(0, shownResult),
    result_truncated: true,
    result_characters: text.length,
    resource: `task://${task.id}`,
  };
}

/** A claimed task as its worker gets it. */
export const ClaimView = z.object({
  id: z.string(),
  description: z.string(),
  attempts: z.int(),
  max_attempts: z.int(),
  priority: z.int(),
  input: z.unknown().optional(),
  verify: z.array(Action).optional(),
  feedback: z.array(z.string()).optional(),
  /** Proves that the task is yours: send it with what you do to the task. */
  lease_token: z.string(),
  /** Send a heartbeat before, or another worker may get the task. */
  lease_until: z.string(),
  deadline_at: z.string().optional(),
});
export type ClaimView = z.infer<typeof ClaimView>;

/** @param maxAttempts - of the stored task, which a lease does not know */
export function viewClaim(lease: Lease, maxAttempts: number): ClaimView {
  const { id, token, attempt, priority, payload, leaseUntil, notes, deadlineAt } = lease;
  const { description, input, verify } = readSpec(payload);
  const said = notes.filter(({ kind }) => kind !== "question").map(({ value }) => asWords(value));
  return {
    id,
    description,
    attempts: attempt,
    max_attempts: maxAttempts,
    priority,
    lease_token: token,
    lease_until: leaseUntil,
    ...present({
      input,
      verify: verify.length > 0 ? verify : undefined,
      feedback: said.length > 0 ? said : undefined,
      deadline_at: deadlineAt,
    }),
  };
}

const asWords = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Only the fields that have a value. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Present<Fields>; // the type says the same of the value
}

type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
