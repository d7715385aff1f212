import { setTimeout as wait } from "node:timers/promises";
import { ParleyError, systemClock } from "@parley/core";
import type { Clock } from "@parley/core";
import type { Executor, Safety, TaskStore, Trip, Verifier } from "./port.ts";
import { runLoop } from "./run-loop.ts";
import { allOf } from "./safety/all-of.ts";
import { createBreaker } from "./safety/breaker.ts";
import { defaultLimits } from "./safety/limits.ts";
import type { SafetyLimits } from "./safety/limits.ts";
import type { Action } from "./task-spec.ts";
import { queues } from "./task-spec.ts";

/** Options of {@link createOrchestrator}. */
export interface OrchestratorOptions {
  readonly store: TaskStore;
  readonly executors: readonly Executor[];
  readonly verifiers?: readonly Verifier[] | undefined;
  /** Over all runs. Default: a breaker with {@link defaultLimits}. */
  readonly safety?: Safety | undefined;
  /** Does tasks that do not say how; without it they are left to clients. */
  readonly otherwise?: Action | undefined;
  /** How often one check is tried that cannot be made. Default 3. */
  readonly checkRounds?: number | undefined;
  /** Default 30 s; renewed while an attempt lasts. */
  readonly leaseMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Seam for tests. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/** How far one run goes. */
export interface RunOptions {
  /** Tasks; attempts at one task count once. Default 10. */
  readonly maxTasks?: number | undefined;
  /** Attempts at a time. Default 1. */
  readonly concurrency?: number | undefined;
  /** Of this run alone, beside the orchestrator's own safety. */
  readonly limits?: SafetyLimits | undefined;
  /** Lets the attempts that run be released, and ends the run. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((report: RunProgress) => void) | undefined;
}

/** What a run has done so far. */
export interface RunProgress {
  /** Tasks that an attempt was made at. */
  readonly processed: number;
  readonly completed: number;
  readonly failed: number;
  /** Attempts, more than tasks where some were tried again. */
  readonly attempts: number;
  /** Left for somebody's answer. */
  readonly waiting: number;
  readonly elapsedSeconds: number;
}

/** What a run did. */
export interface RunReport extends RunProgress {
  /** `tripped`: safety let no further attempt begin; tasks are where they were. */
  readonly stopped: "drained" | "max_tasks" | "tripped" | "interrupted";
  readonly trip?: Trip | undefined;
}

/** Does the tasks of a store until there are none, a limit is reached, or safety says stop. */
export interface Orchestrator {
  readonly executors: ReadonlyMap<string, Executor>;
  readonly verifiers: ReadonlyMap<string, Verifier>;
  readonly safety: Safety;
  readonly checkRounds: number;
  run(options?: RunOptions): Promise<RunReport>;
}

/** @throws `E_CONFIG_INVALID` for two of one type, or a verifier that would judge its own work */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const { store, clock = systemClock, otherwise, checkRounds = 3, leaseMs = 30_000 } = options;
  const executors = byType("executors", options.executors);
  const verifiers = byType("verifiers", options.verifiers ?? []);
  refuseSelfJudging(executors, verifiers);
  const safety = options.safety ?? createBreaker({ limits: defaultLimits, clock });
  const sleep = options.sleep ?? ((milliseconds, signal) => wait(milliseconds, undefined, { signal }));
  const open = otherwise === undefined ? [queues.automatic] : [queues.automatic, queues.external];
  return {
    executors,
    verifiers,
    safety,
    checkRounds,
    async run({ limits = {}, maxTasks = 10, concurrency = 1, signal, onProgress } = {}) {
      const own = createBreaker({ limits, clock });
      return await runLoop({
        parts: { store, executors, verifiers, otherwise, rounds: checkRounds },
        safety: allOf([safety, own]),
        queues: open,
        leaseMs,
        maxTasks,
        concurrency,
        signal: signal ?? new AbortController().signal,
        clock,
        sleep,
        onProgress,
      });
    },
  };
}

function byType<Kind extends { readonly type: string }>(
  what: string,
  given: readonly Kind[],
): ReadonlyMap<string, Kind> {
  const found = new Map(given.map((one) => [one.type, one]));
  if (found.size === given.length) return found;
  throw new ParleyError("E_CONFIG_INVALID", `Two ${what} have one type: give each its own.`);
}

function refuseSelfJudging(
  executors: ReadonlyMap<string, Executor>,
  verifiers: ReadonlyMap<string, Verifier>,
): void {
  const makers = new Set([...executors.values()].map(({ identity }) => identity));
  for (const { type, identity } of verifiers.values()) {
    if (identity === undefined || !makers.has(identity)) continue;
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `The verifier "${type}" would judge its own work (${identity}): give it another model.`,
    );
  }
}
