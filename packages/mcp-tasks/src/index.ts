/** The server side of the MCP Tasks extension (SEP-2663), without a transport. The SDK's part is on `./sdk`. */

export { createTasks } from "./tasks.ts";
export type { Tasks, WaitOptions } from "./tasks.ts";
export type { OrphanedTask, TaskCall, TaskRun, TasksOptions, TaskWork } from "./options.ts";

export { createMemoryTaskStore } from "./memory-store.ts";
export { createDatabaseTaskStore } from "./database-store.ts";
export type { DatabaseTaskStoreOptions } from "./database-store.ts";
export type { StoredTask, TaskStore } from "./store.ts";

export { isFinal, TaskRecord, TaskStatus } from "./task.ts";
export type { InputRequest, JsonObject, RpcError, TaskView } from "./task.ts";
export { applyEvent, transitions } from "./states.ts";
export type { Moment, TaskEvent } from "./states.ts";
