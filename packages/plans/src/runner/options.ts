import type { Clock, RandomBytes } from "@parley/core";
import type { Database } from "@parley/databases";
import type { ChatModel } from "@parley/llm";
import type { Agent } from "../agent/create-agent.ts";
import type { Assumption } from "../agent/converse.ts";
import type { PlanInterface, RunEnd } from "../interface/port.ts";
import type { PlanLimits } from "../machine/compiled.ts";
import type { LoadedPlan } from "../plan-file/load-plan.ts";
import type { RunOwner } from "../records/run-record.ts";
import type { PlanServers } from "../servers/catalog.ts";

/** Options of {@link createPlanRunner}. */
export interface PlanRunnerOptions {
  /** Where every step, transition, prompt, result and metric is written as it happens. */
  readonly database: Database;
  /** MCP servers by name. */
  readonly servers: PlanServers;
  /** For steps of type prompt and agent, for plans that a model makes, and for `judge`. */
  readonly model?: ChatModel | undefined;
  /** Judges results. Default `model`. */
  readonly judge?: ChatModel | undefined;
  /** Shows runs and asks people. Default: nobody watches, and nobody can be asked. */
  readonly ui?: PlanInterface | undefined;
  /** Agents that steps may name beside the plan's own. */
  readonly agents?: Readonly<Record<string, Pick<Agent, "run">>> | undefined;
  /** In place of the plan's own limits. */
  readonly limits?: Partial<PlanLimits> | undefined;
  /** Written into the record, so that a second process leaves a run alone that goes on. */
  readonly owner?: RunOwner | undefined;
  /** Whether the process of another owner lives. Default: no such process is known to. */
  readonly isAlive?: ((owner: RunOwner) => boolean) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: RandomBytes | undefined;
  /** Waits before a step is tried again; a seam for tests. */
  readonly pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Options of {@link PlanRunner.start}. */
export interface StartOptions {
  /** Over the defaults the plan declares. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link PlanRunner.resume}. */
export interface ResumeOptions {
  readonly signal?: AbortSignal | undefined;
  /** What came of the call that was cut off, where nobody knows; absent: the interface is asked. */
  readonly unknown?: Assumption | undefined;
}

/** How a run ended, or stopped. */
export type RunOutcome = Omit<RunEnd, "path">;

/**
 * Runs plans. One run is one process's; a run whose process ended is resumed by any other.
 * An outcome tells of a plan that failed or stopped.
 * @throws `E_PLAN_INVALID` for what cannot be begun, `E_RUN_UNKNOWN`, `E_RUN_OWNED`, `E_PLAN_CHANGED`, `E_DATABASE_*`, `E_MCP_*`
 */
export interface PlanRunner {
  start(plan: LoadedPlan, options?: StartOptions): Promise<RunOutcome>;
  /** Goes on where a run stopped or was killed; what was done is not done again. */
  resume(runId: string, options?: ResumeOptions): Promise<RunOutcome>;
}
