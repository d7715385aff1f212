import { ParleyError } from "@parley/core";
import type { LoadedPlan } from "../../plan-file/load-plan.ts";
import { parsePlan } from "../../plan-file/load-plan.ts";
import { planError } from "../../plan-file/problem.ts";
import { readRecord } from "../../records/run-log.ts";
import type { Attempt, Done, RunContext } from "../context.ts";
import { errorOfFault } from "../faults.ts";
import { makePlan } from "./make-plan.ts";

/** Runs the plan of a step: a file, or steps that a model made and a person approved. It is a run of its own. */
export async function attemptPlan(context: RunContext, attempt: Attempt): Promise<Done> {
  const { step, visit, attempt: number, inputs, signal } = attempt;
  const id = `${context.log.id}.${step.name}.${visit}.${number}`;
  const { loaded, used: spent } = await innerPlan(context, attempt, id);
  const outcome = await context.runInner({ id, loaded, inputs, step: step.name, signal });
  const { status, outputs, error, metrics } = outcome;
  const { durationMs: _time, ...used } = metrics;
  const both = { ...used, ...add(spent, used) };
  if (status === "success") return { outputs, used: both };
  const fault = error ?? { code: "E_PLAN_FAILED", message: `The plan ${loaded.plan.name} failed.` };
  if (status === "stopped") throw errorOfFault(fault);
  return { outputs, error: fault, used: both };
}

interface Inner {
  readonly loaded: LoadedPlan;
  readonly used: Done["used"];
}

async function innerPlan(context: RunContext, attempt: Attempt, id: string): Promise<Inner> {
  const { step } = attempt;
  const known = context.loaded.plans[step.name];
  if (known !== undefined) return { loaded: known, used: { calls: 0 } };
  const text = attempt.continuing ? await recordedText(context, id) : undefined;
  if (text === undefined) return await makePlan(context, attempt);
  const { loaded, problems } = await parsePlan(text, `${step.name} (made by a model)`);
  if (loaded === undefined) throw planError(problems);
  return { loaded, used: { calls: 0 } };
}

/** The plan an earlier process had made, once its run began. */
async function recordedText({ options }: RunContext, id: string): Promise<string | undefined> {
  try {
    return (await readRecord(options.database, id)).value.text;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_RUN_UNKNOWN") return undefined;
    throw error;
  }
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : a + (b ?? 0);

function add(left: Done["used"], right: Done["used"]): Done["used"] {
  const [inputTokens, outputTokens, costUsd] = (["inputTokens", "outputTokens", "costUsd"] as const).map(
    (key) => sum(left[key], right[key]),
  );
  return {
    calls: left.calls + right.calls,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}
