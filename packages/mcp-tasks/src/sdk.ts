/** The Tasks extension on the MCP SDK's low-level `Server`. */

import {
  CLIENT_CAPABILITIES_META_KEY,
  type CallToolResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { type ParleyError, toParleyError } from "@parley/core";
import { z } from "zod";
import type { JsonObject, TaskView } from "./task.ts";
import type { Tasks } from "./tasks.ts";

/** Names the extension in the capabilities of both sides. */
export const tasksExtension = "io.modelcontextprotocol/tasks";

/** How {@link installTasks} is called. */
export interface InstallTasksOptions {
  readonly tasks: Tasks;
  /** Who asks; default the client id of the request's credential, `anonymous` without one. */
  readonly ownerOf?: ((context: ServerContext) => string) | undefined;
}

const Named = z.looseObject({ taskId: z.string().min(1).max(256) });
const schemas = { params: Named };
const done = {};

/**
 * Declares the extension and answers `tasks/get`, `tasks/update` and `tasks/cancel`. Call it before the server is
 * connected. `tasks/list` and `tasks/result`, which this extension does not have, stay unknown methods.
 */
export function installTasks(server: Server, options: InstallTasksOptions): void {
  const { tasks, ownerOf = clientIdOf } = options;
  server.registerCapabilities({ extensions: { [tasksExtension]: {} } });
  server.setRequestHandler("tasks/get", schemas, async ({ taskId }, context) => {
    requireTasks(context);
    return wireTask(await asProtocol(tasks.get(taskId, ownerOf(context))));
  });
  server.setRequestHandler("tasks/update", schemas, async ({ taskId }, context) => {
    requireTasks(context);
    const responses = responsesOf(context);
    await asProtocol(tasks.update(taskId, ownerOf(context), responses));
    return done;
  });
  server.setRequestHandler("tasks/cancel", schemas, async ({ taskId }, context) => {
    requireTasks(context);
    await asProtocol(tasks.cancel(taskId, ownerOf(context)));
    return done;
  });
}

const Declaring = z.looseObject({ extensions: z.looseObject({ [tasksExtension]: z.looseObject({}) }) });

/** Whether this request says that its client can follow a task. Earlier requests do not count. */
export function declaresTasks(context: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
  return Declaring.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).success;
}

/**
 * Refuses a request whose client cannot follow a task.
 * @throws `-32021` with the capability that is missing; `-32601` before revision 2026-07-28, which has no extension
 */
export function requireTasks(context: ServerContext): void {
  if (declaresTasks(context)) return;
  const { method, envelope } = context.mcpReq;
  if (envelope === undefined && method !== "tools/call") {
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found");
  }
  throw missingTasks(method);
}

/** The `-32021` for a client that does not declare the extension. */
export function missingTasks(what: string): MissingRequiredClientCapabilityError {
  return new MissingRequiredClientCapabilityError(
    { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
    `${what} needs a client that declares the extension ${tasksExtension}.`,
  );
}

/**
 * The answer to a `tools/call` that became a task. The SDK checks what leaves as `tools/call`'s own result and adds
 * `content: []`, which the protocol's open results allow; only the head of the task goes out, since a result with
 * `inputRequests` would be refused.
 */
export function createdTask(view: TaskView): CallToolResult {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs } = view;
  return {
    content: [],
    resultType: "task",
    taskId,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttlMs,
    pollIntervalMs,
  };
}

/**
 * A task as `tasks/get` answers it and notifications carry it. The result inside is a whole one of its request, which
 * in this revision says `resultType` itself; the extension's own client insists on it.
 */
export function wireTask(view: TaskView): Record<string, unknown> {
  if (view.status !== "completed") return { ...view };
  return { ...view, result: { resultType: "complete", ...view.result } };
}

function clientIdOf(context: ServerContext): string {
  return context.http?.authInfo?.clientId ?? "anonymous";
}

const Responses = z.record(z.string(), z.record(z.string(), z.json()));

/** The SDK lifts `inputResponses` out of the params of every request. */
function responsesOf(context: ServerContext): Record<string, JsonObject> {
  const parsed = Responses.safeParse(context.mcpReq.inputResponses);
  if (parsed.success) return parsed.data;
  const message = "tasks/update needs inputResponses: an object with an answer for each key.";
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

async function asProtocol<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (thrown) {
    throw protocolError(toParleyError(thrown));
  }
}

const callerFaults: ReadonlySet<ParleyError["code"]> = new Set(["E_TASK_UNKNOWN", "E_ARGUMENT_INVALID"]);

function protocolError(error: ParleyError): ProtocolError {
  const code = callerFaults.has(error.code)
    ? ProtocolErrorCode.InvalidParams
    : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, error.toJSON());
}
