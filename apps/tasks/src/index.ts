/** `parley-tasks` as a function, and its tools as a module: `mcpserver start --tool-module @parley/tasks#createTasks`. */

export { createTasks } from "./create-tasks.ts";
export type { Tasks, TasksOptions } from "./create-tasks.ts";
export { createTasksProgram } from "./program.ts";
export { createParleyProgram } from "./parley-program.ts";
