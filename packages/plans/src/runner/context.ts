import type { Clock } from "@parley/core";
import type { Assumption } from "../agent/converse.ts";
import type { PlanInterface, StepPlace } from "../interface/port.ts";
import type { CompiledPlan, CompiledStep } from "../machine/compiled.ts";
import type { Fault, Used } from "../machine/events.ts";
import type { LoadedPlan } from "../plan-file/load-plan.ts";
import type { RunLog } from "../records/run-log.ts";
import type { Catalog } from "../servers/catalog.ts";
import type { PlanRunnerOptions, RunOutcome } from "./options.ts";

/** All that one run needs. */
export interface RunContext {
  readonly options: PlanRunnerOptions;
  readonly clock: Clock;
  readonly ui: PlanInterface;
  readonly catalog: Catalog;
  readonly loaded: LoadedPlan;
  /** With the limits that hold for this run. */
  readonly plan: CompiledPlan;
  readonly log: RunLog;
  /** Steps around this plan. */
  readonly path: readonly string[];
  readonly signal: AbortSignal;
  /** What the caller said about calls that were cut off; told once, for the first of them. */
  readonly assumption: { take(): Assumption | undefined };
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Runs a plan inside this one to its end. */
  readonly runInner: (inner: InnerRun) => Promise<RunOutcome>;
}

/** A plan that a step runs. */
export interface InnerRun {
  readonly id: string;
  readonly loaded: LoadedPlan;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly step: string;
  readonly signal: AbortSignal;
}

/** An attempt at a step. */
export interface Attempt {
  readonly step: CompiledStep;
  readonly visit: number;
  readonly attempt: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Filled in. */
  readonly instruction: string | undefined;
  readonly signal: AbortSignal;
  /** Whether an earlier process began it. */
  readonly continuing: boolean;
}

/** What an attempt came to. */
export interface Done {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error?: Fault | undefined;
  /** Another attempt would fail as well. */
  readonly final?: boolean | undefined;
  readonly used: Omit<Used, "durationMs">;
}

/** Where an attempt stands, for interfaces. */
export function placeOf(
  { log, path }: Pick<RunContext, "log" | "path">,
  { step, visit, attempt }: { step: { name: string }; visit: number; attempt: number },
): StepPlace {
  return { runId: log.id, path, step: step.name, visit, attempt };
}
