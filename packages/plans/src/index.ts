/** Plans: steps over MCP tools, prompts and agents, run by a state machine that resumes after a crash. */

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
