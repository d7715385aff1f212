/** The tools of an HPC site over MCP, and as plain functions. A function is exported under the name of its tool. */

export { createHpc } from "./hpc.ts";
export type { HpcToolkit, HpcToolkitOptions } from "./hpc.ts";
export type { HpcOptions } from "./options.ts";
export { defaultToolsets, toolsets } from "./toolsets.ts";
export type { Toolset } from "./toolsets.ts";
export type { Operation, OperationEntry } from "./operation.ts";
export type { Persona, PersonaEntry } from "./persona.ts";
export { hpcOperations } from "./operations.ts";
export { hpcPersonas } from "./personas.ts";
export { openCall } from "./call.ts";
export type { Call, CallOptions } from "./call.ts";

export { sleepTimer as sleep_timer } from "./apps/sleep-timer.ts";
