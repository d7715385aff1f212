/** The orchestrator as MCP tools, `task://` resources and a source of events. */

export { createTaskTools } from "./create-task-tools.ts";
export type { TaskToolkit, TaskToolsOptions } from "./create-task-tools.ts";
export { TaskView, viewTask } from "./views.ts";
