/** Runs durable tasks: executors, verifiers and a breaker over a task store; the MCP tools are on "./tools". */

export { createOrchestrator } from "./orchestrator.ts";
export type {
  Orchestrator,
  OrchestratorOptions,
  RunOptions,
  RunProgress,
  RunReport,
} from "./orchestrator.ts";
export { OrchestratorBuilder } from "./builder.ts";
export type {
  Admission,
  Attempt,
  AttemptOutcome,
  Execution,
  Executor,
  Safety,
  SafetyStatus,
  Subject,
  TaskStore,
  Trip,
  Usage,
  Verdict,
  Verifier,
} from "./port.ts";
export { Action, TaskSpec, queues, readSpec } from "./task-spec.ts";
export { TaskResult, readResult } from "./result.ts";
export { defineExecutor, defineVerifier } from "./define.ts";

export { createCommandExecutor } from "./executors/command.ts";
export type { CommandOptions } from "./executors/command.ts";
export { createHttpExecutor } from "./executors/http.ts";
export type { HttpOptions } from "./http.ts";
export { createModelExecutor } from "./executors/model.ts";
export type { ModelExecutorOptions } from "./executors/model.ts";
export { createToolExecutor, idempotencyMetaKey } from "./executors/tool.ts";
export type { ToolExecutorOptions } from "./executors/tool.ts";

export { createCommandVerifier } from "./verifiers/command.ts";
export { createHttpVerifier } from "./verifiers/http.ts";
export { createModelVerifier } from "./verifiers/model.ts";
export type { ModelVerifierOptions } from "./verifiers/model.ts";
export { createRegexVerifier } from "./verifiers/regex.ts";
export { createSchemaVerifier } from "./verifiers/json-schema.ts";
export type { SandboxOptions } from "./in-sandbox.ts";

export { allOf } from "./safety/all-of.ts";
export { createBreaker } from "./safety/breaker.ts";
export type { BreakerOptions } from "./safety/breaker.ts";
export { openBreaker } from "./safety/kept-breaker.ts";
export type { KeptBreakerOptions } from "./safety/kept-breaker.ts";
export type { SavedBreaker } from "./safety/saved.ts";
export { defaultLimits } from "./safety/limits.ts";
export type { SafetyLimits } from "./safety/limits.ts";
