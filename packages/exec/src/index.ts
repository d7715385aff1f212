/** Runs programs as argument arrays; the one place in Parley that spawns. */

export { createRun } from "./create-run.ts";
export { describeFailure, runOrThrow } from "./failure.ts";
export { baseEnvironment } from "./environment.ts";
export { redact } from "./redact.ts";
export { startProcess } from "./start-process.ts";
export { which } from "./which.ts";
export type { Run, RunOptions, RunResult } from "./run.ts";
export type { ProcessEnd, RunningProcess, StartOptions } from "./start-process.ts";
