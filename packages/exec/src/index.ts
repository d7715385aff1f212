/** Runs programs as argument arrays; the one place in Parley that spawns. */

export { createRun } from "./create-run.ts";
export { describeFailure, runOrThrow } from "./failure.ts";
export { baseEnvironment } from "./environment.ts";
export { redact } from "./redact.ts";
export { which } from "./which.ts";
export type { Run, RunOptions, RunResult } from "./run.ts";
