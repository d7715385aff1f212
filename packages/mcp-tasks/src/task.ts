import { z } from "zod";

/** Where a task is in its life. The last three are final. */
export const TaskStatus = z.enum(["working", "input_required", "completed", "failed", "cancelled"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** A JSON object: a result, arguments, an answer of the client. */
export const JsonObject = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof JsonObject>;

/** What a task asks of its client: `elicitation/create`, `sampling/createMessage` or `roots/list`. */
export const InputRequest = z.object({ method: z.string(), params: JsonObject.optional() });
export type InputRequest = z.infer<typeof InputRequest>;

/** A JSON-RPC error as data. */
export const RpcError = z.object({ code: z.number().int(), message: z.string(), data: z.json().optional() });
export type RpcError = z.infer<typeof RpcError>;

/** A task as a store keeps it. */
export const TaskRecord = z.object({
  taskId: z.string().min(1),
  /** Who started it; to anybody else it does not exist. */
  owner: z.string(),
  /** What runs, for people and for resuming: the tool's name. */
  title: z.string(),
  /** What it was called with; kept only where a task may be resumed. */
  args: JsonObject.optional(),
  status: TaskStatus,
  statusMessage: z.string().optional(),
  createdAt: z.iso.datetime(),
  lastUpdatedAt: z.iso.datetime(),
  /** Milliseconds from creation until the task may be forgotten. */
  ttlMs: z.number().int().positive(),
  pollIntervalMs: z.number().int().positive(),
  /** The process that runs it. */
  runner: z.string(),
  /** Questions without an answer. */
  inputRequests: z.record(z.string(), InputRequest),
  /** Answers, until the task ends. */
  inputResponses: z.record(z.string(), JsonObject),
  /** Every key a question ever had: none is used twice. */
  usedKeys: z.array(z.string()),
  result: JsonObject.optional(),
  error: RpcError.optional(),
});
export type TaskRecord = z.infer<typeof TaskRecord>;

/** What every view of a task says. */
interface TaskHead {
  readonly taskId: string;
  readonly statusMessage?: string | undefined;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: number;
  readonly pollIntervalMs: number;
}

/** A task as its owner sees it: what `tasks/get` answers. */
export type TaskView = TaskHead &
  (
    | { readonly status: "working" | "cancelled" }
    | { readonly status: "input_required"; readonly inputRequests: Readonly<Record<string, InputRequest>> }
    | { readonly status: "completed"; readonly result: JsonObject }
    | { readonly status: "failed"; readonly error: RpcError }
  );

const lostError: RpcError = { code: -32_603, message: "The task's error was not kept." };

/** A record without what is nobody's business but the server's. */
export function taskView(task: TaskRecord): TaskView {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs } = task;
  const message = statusMessage === undefined ? {} : { statusMessage };
  const head = { taskId, ...message, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs };
  if (status === "input_required") return { ...head, status, inputRequests: task.inputRequests };
  if (status === "completed") return { ...head, status, result: task.result ?? {} };
  if (status === "failed") return { ...head, status, error: task.error ?? lostError };
  return { ...head, status };
}

/** Whether nothing can happen to a task any more. */
export function isFinal(status: TaskStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** Epoch milliseconds from which a task may be forgotten. */
export function expiryOf(task: TaskRecord): number {
  return Date.parse(task.createdAt) + task.ttlMs;
}
