import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import type { JsonObject, McpClient } from "@parley/mcp-client";
import type { ToolContext } from "@parley/tool-registry";
import { isObject, questionsOf } from "./_questions.ts";

/** Names the Tasks extension (SEP-2663) in the capabilities of both sides. */
const tasksExtension = "io.modelcontextprotocol/tasks";

/** Declares that a task in place of a result is followed. */
export const followsTasks: JsonObject = { extensions: { [tasksExtension]: {} } };

/** Whether a server may answer a call with a task. */
export function offersTasks({ server }: McpClient): boolean {
  const capabilities = server?.["capabilities"];
  const extensions = isObject(capabilities) ? capabilities["extensions"] : undefined;
  return isObject(extensions) && isObject(extensions[tasksExtension]);
}

/** Whether a server refused a call because it can only be a task. */
export function wantsTask(error: unknown): boolean {
  const { extensions } = missingCapabilities(error);
  return isObject(extensions) && isObject(extensions[tasksExtension]);
}

const missingCapability = -32_021;

/** What a server says its client would have to be capable of. */
export function missingCapabilities(error: unknown): JsonObject {
  if (!ParleyError.isInstance(error) || error.details["rpcCode"] !== missingCapability) return {};
  const { rpcData } = error.details;
  const required = isObject(rpcData) ? rpcData["requiredCapabilities"] : undefined;
  return isObject(required) ? required : {};
}

/** A task that a server answered with; `undefined` for any other result. */
export function taskIn({ resultType, taskId }: JsonObject): string | undefined {
  return resultType === "task" && typeof taskId === "string" ? taskId : undefined;
}

interface Following {
  /** Names the server in messages. */
  readonly name: string;
  readonly client: McpClient;
  readonly context: ToolContext;
}

const declared = { capabilities: followsTasks };

const firstPollMs = 100;
const longestPollMs = 5000;

/**
 * Follows a task to its end, asks its questions of the calling client, and cancels it when the call ends before.
 * @throws the task's own error, when it failed
 */
export async function followTask(taskId: string, following: Following): Promise<JsonObject> {
  const { client, context } = following;
  const { signal } = context;
  const cancel = (): void => void client.request("tasks/cancel", { taskId }, declared).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (let polls = 0; ; polls += 1) {
      const view = await client.request("tasks/get", { taskId }, { ...declared, signal });
      const ended = endOf(view, following);
      if (ended !== undefined) return ended;
      if (view["status"] === "input_required") await answer(taskId, view, following);
      const { statusMessage } = view;
      context.progress(polls, undefined, typeof statusMessage === "string" ? statusMessage : undefined);
      await sleep(pauseOf(view, polls), undefined, { signal });
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Sooner at first than a server asks for: the call's own client waits for the sum of both. */
function pauseOf({ pollIntervalMs }: JsonObject, polls: number): number {
  const wanted = typeof pollIntervalMs === "number" ? pollIntervalMs : longestPollMs;
  return Math.max(firstPollMs, Math.min(wanted, longestPollMs, firstPollMs * 2 ** polls));
}

function endOf({ status, result, error }: JsonObject, { name }: Following): JsonObject | undefined {
  if (status === "completed" && isObject(result)) return result;
  if (status === "cancelled")
    throw new ParleyError("E_INTERRUPTED", `The server ${name} cancelled its task.`);
  if (status !== "failed") return undefined;
  const { code: rpcCode, message } = isObject(error) ? error : {};
  const said = typeof message === "string" ? message.slice(0, 1000) : "it does not say why";
  throw new ParleyError("E_MCP_PROTOCOL", `A task of the server ${name} failed: ${said}`, {
    details: { rpcCode },
  });
}

async function answer(taskId: string, view: JsonObject, { name, client, context }: Following): Promise<void> {
  const questions = questionsOf(name, view["inputRequests"]);
  if (Object.keys(questions).length === 0) return;
  const inputResponses = await context.input(questions);
  await client.request("tasks/update", { taskId, inputResponses }, { ...declared, signal: context.signal });
}
