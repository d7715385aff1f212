import { resolve } from "node:path";
import { isoTime, ParleyError, systemClock } from "@parley/core";
import { newRun } from "../machine/state.ts";
import { loadPlan, parsePlan } from "../plan-file/load-plan.ts";
import type { LoadedPlan } from "../plan-file/load-plan.ts";
import { planError } from "../plan-file/problem.ts";
import { openLog, plain, readEvents, readRecord, replay, runsCollection } from "../records/run-log.ts";
import type { RunLog } from "../records/run-log.ts";
import type { RunRecord } from "../records/run-record.ts";
import type { PlanRunnerOptions, RunOutcome } from "./options.ts";
import { checkUnchanged } from "./unchanged.ts";

/** A run that begins. */
export interface NewRun {
  readonly id: string;
  readonly loaded: LoadedPlan;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent?: RunRecord["parent"];
}

/** Writes a run's record and its first event. */
export async function beginRun(options: PlanRunnerOptions, run: NewRun): Promise<RunLog> {
  const { id, loaded, inputs, parent } = run;
  const { database, owner, clock = systemClock } = options;
  const now = isoTime(clock.now());
  const record: RunRecord = {
    id,
    plan: loaded.plan.name,
    status: "running",
    step: loaded.plan.initial,
    files: loaded.files.map(({ path, hash }) => ({ path: resolve(path), hash })),
    // A plan that is no file is kept with its run.
    ...(loaded.text !== undefined && { text: loaded.text }),
    startedAt: now,
    updatedAt: now,
    ...(owner && { owner }),
    ...(parent && { parent }),
  };
  const { version } = await database.put(runsCollection, id, plain(record), { ifVersion: 0 });
  const log = openLog(database, {
    stored: { id, version, value: record },
    state: newRun(),
    events: [],
    clock,
  });
  await log.append({
    type: "run.started",
    plan: loaded.plan.name,
    initial: loaded.plan.initial,
    hash: loaded.hash,
    ...(loaded.file !== undefined && { file: resolve(loaded.file) }),
    inputs: { ...inputs },
  });
  return log;
}

/**
 * Opens a run of an earlier process, and takes it over: what that process still writes is refused.
 * @throws `E_RUN_UNKNOWN`, `E_RUN_OWNED`, `E_PLAN_CHANGED`
 */
export async function reopenRun(
  options: PlanRunnerOptions,
  runId: string,
): Promise<{ log: RunLog; loaded: LoadedPlan }> {
  const { database, owner, isAlive, clock = systemClock } = options;
  const stored = await readRecord(database, runId);
  const { value: record } = stored;
  if (record.status === "running" && record.owner !== undefined && isAlive?.(record.owner) === true) {
    const { pid, host } = record.owner;
    throw new ParleyError(
      "E_RUN_OWNED",
      `The run ${runId} goes on in process ${pid} of ${host}: let it, or stop it.`,
      {
        retryable: false,
      },
    );
  }
  await checkUnchanged(record.files, runId);
  const loaded = await planOf(record);
  const events = await readEvents(database, runId);
  const state = replay(events);
  if (state.phase === "new") {
    throw new ParleyError(
      "E_RUN_UNKNOWN",
      `The run ${runId} was stopped before it began: start the plan again.`,
    );
  }
  const { owner: _former, ...rest } = record;
  const taken = { ...rest, ...(owner && { owner }) };
  const { version } = await database.put(runsCollection, runId, plain(taken), { ifVersion: stored.version });
  const log = openLog(database, {
    stored: { id: runId, version, value: taken },
    state,
    events: events.map(({ event }) => event),
    clock,
  });
  return { log, loaded };
}

async function planOf({ files, text, plan, id }: RunRecord): Promise<LoadedPlan> {
  const [file] = files;
  if (text === undefined && file !== undefined) return await loadPlan(file.path);
  if (text === undefined) throw new ParleyError("E_DATABASE_CORRUPT", `The run ${id} has lost its plan.`);
  const { loaded, problems } = await parsePlan(text, plan);
  if (loaded === undefined) throw planError(problems);
  return loaded;
}

/** How a run stands. */
export function outcomeOf({ id, state }: RunLog): RunOutcome {
  const { status = "stopped", outputs, error, used: metrics, steps } = state;
  const visits = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step.visits]));
  return { runId: id, status, outputs, ...(error && { error }), metrics, visits };
}
