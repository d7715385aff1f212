import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { declaresTasks, installTasks } from "@parley/mcp-tasks/sdk";
import { callFrame, type Handling } from "./handler-context.ts";
import type { Shared } from "./shared.ts";

type Came = Awaited<ReturnType<Shared["tasks"]["call"]>>;

/** Serves `tasks/*` where some tool may become a task. */
export function handleTasks({ tasks: { followed } }: Shared, handling: Handling): void {
  const tasks = followed();
  if (tasks === undefined) return;
  const ownerOf = (context: ServerContext): string => callFrame(context, handling).caller.name;
  installTasks(handling.server, { tasks, ownerOf });
}

/** Whether the client of this request follows tasks. */
export function followsTasks(context: ServerContext, { era }: Handling): boolean {
  return era === "2026" && declaresTasks(context);
}

export function isCreatedTask(result: Came): result is CallToolResult {
  return "resultType" in result && result.resultType === "task";
}
