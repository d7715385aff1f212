import { isFinal, type Tasks, TaskStatus, type TaskView } from "@parley/mcp-tasks";
import { defineTool, type Tool, type ToolResult, toolResult } from "@parley/tool-registry";
import { z } from "zod";

/** The tool that tells how a call goes on, for clients that cannot follow tasks. */
export const pollTool = "get_task";
/** The tool that ends such a call. */
export const cancelTool = "cancel_task";

const taskId = z.string().min(1).max(256).describe("From the answer that said the call goes on");

const TaskAnswer = z.object({
  taskId: z.string(),
  status: TaskStatus,
  statusMessage: z.string().optional(),
  createdAt: z.string(),
  lastUpdatedAt: z.string(),
  /** The tool to call again; absent once the task has ended. */
  poll: z.literal(pollTool).optional(),
  pollIntervalMs: z.number().optional(),
  /** What the tool answered, when the task is completed. */
  result: z.looseObject({}).optional(),
  /** The JSON-RPC error of a task that failed. */
  error: z.looseObject({}).optional(),
});

/** A task as structured content, with the tool to poll while it goes on. */
export function taskAnswer(view: TaskView): z.infer<typeof TaskAnswer> {
  const { taskId: id, status, statusMessage, createdAt, lastUpdatedAt, pollIntervalMs } = view;
  return {
    taskId: id,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ...(isFinal(status) ? {} : { poll: pollTool, pollIntervalMs }),
    ...(view.status === "completed" ? { result: view.result } : {}),
    ...(view.status === "failed" ? { error: view.error } : {}),
  };
}

const Result = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  isError: z.boolean().optional(),
});

/** A task as a tool's result: the call's own content once there is some, else a sentence that says what to do. */
function taskResult(view: TaskView): ToolResult {
  const structured = taskAnswer(view);
  if (view.status === "completed") {
    const { content, isError } = Result.parse(view.result);
    return { content, structuredContent: structured, ...(isError === undefined ? {} : { isError }) };
  }
  if (view.status === "failed") return toolResult({ text: view.error.message, structured, isError: true });
  const said = view.statusMessage === undefined ? "" : ` (${view.statusMessage})`;
  const next = isFinal(view.status) ? "" : ` Call ${pollTool} with taskId "${view.taskId}" again.`;
  return toolResult({ text: `The task is ${view.status}${said}.${next}`, structured });
}

/** The tools for following tasks without the extension. */
export function createTaskTools(tasks: Tasks): readonly Tool[] {
  return [
    defineTool({
      name: pollTool,
      description: "How a call that outlived its request goes on, and its result once it has ended.",
      annotations: { readOnlyHint: true },
      input: z.object({
        taskId,
        wait_seconds: z.number().min(0).max(50).default(0).describe("Wait this long for its end"),
      }),
      output: TaskAnswer,
      handler: async ({ taskId: id, wait_seconds: seconds }, { caller = "anonymous", signal }) =>
        taskResult(await tasks.wait(id, { owner: caller, timeoutMs: seconds * 1000, signal })),
    }),
    defineTool({
      name: cancelTool,
      description: "Ends a call that outlived its request. One that has ended already stays as it is.",
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
      input: z.object({ taskId }),
      output: TaskAnswer,
      handler: async ({ taskId: id }, { caller = "anonymous" }) => {
        await tasks.cancel(id, caller);
        return taskResult(await tasks.get(id, caller));
      },
    }),
  ];
}
