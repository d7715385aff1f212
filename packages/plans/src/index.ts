/** Plans: steps over MCP tools, prompts and agents, run by a state machine that resumes after a crash. */

export { checkPlan, loadPlan, parsePlan } from "./plan-file/load-plan.ts";
export type { CheckedPlan, LoadedPlan, LoadOptions, PlanFile } from "./plan-file/load-plan.ts";
export { problemText } from "./plan-file/problem.ts";
export type { PlanProblem } from "./plan-file/problem.ts";
export { maxPlanBytes } from "./plan-file/read-text.ts";

export { compilePlan } from "./machine/compiled.ts";
export type { CompiledPlan, CompiledStep, PlanLimits } from "./machine/compiled.ts";
export { RunEvent } from "./machine/events.ts";
export type { Fault, Used } from "./machine/events.ts";
export { next } from "./machine/next.ts";
export type { Command } from "./machine/next.ts";
export { reduce } from "./machine/reduce.ts";
export { newRun } from "./machine/state.ts";
export type { RunState, StepState } from "./machine/state.ts";
export { transitionTable } from "./machine/table.ts";
export type { Phase } from "./machine/table.ts";

export { createPlanRunner } from "./runner/create-plan-runner.ts";
export { serverProblems } from "./runner/preflight.ts";
export { planView } from "./runner/plan-view.ts";
export type {
  PlanRunner,
  PlanRunnerOptions,
  ResumeOptions,
  RunOutcome,
  StartOptions,
} from "./runner/options.ts";
export { listRuns, readRun } from "./records/list-runs.ts";
export type { ListRunsOptions, RunHistory } from "./records/list-runs.ts";
export type { LoggedEvent } from "./records/run-log.ts";
export { RunOwner, RunRecord } from "./records/run-record.ts";

export { createAgent } from "./agent/create-agent.ts";
export type {
  Agent,
  AgentLimits,
  AgentOptions,
  AgentPrompt,
  AgentResult,
  AgentRunOptions,
} from "./agent/create-agent.ts";
export type { Assumption, DoubtfulCall } from "./agent/converse.ts";
export type { AgentEvent } from "./agent/events.ts";
export type { Asker } from "./agent/own-tools.ts";
export { rolePrompt } from "./agent/role.ts";
export { openCatalog } from "./servers/catalog.ts";
export type { Catalog, FoundPrompt, FoundTool, PlanServer, PlanServers } from "./servers/catalog.ts";

export { readAnswers } from "./interface/answers.ts";
export type { Answers } from "./interface/answers.ts";
export { cleanLine, cleanText } from "./interface/clean.ts";
export { createCliInterface } from "./interface/cli.ts";
export type { CliInterfaceOptions } from "./interface/cli.ts";
export { createJsonInterface } from "./interface/json-lines.ts";
export type {
  AskOptions,
  LogEntry,
  Metrics,
  PlanInterface,
  PlanView,
  Question,
  RunEnd,
  RunStart,
  RunStatus,
  StepFinish,
  StepPlace,
  StepStart,
  StepUpdate,
  StepView,
} from "./interface/port.ts";
