import { toParleyError } from "@parley/core";
import { next } from "../machine/next.ts";
import type { Command } from "../machine/next.ts";
import { render } from "../template/render.ts";
import { attemptStep, recover } from "./attempt-step.ts";
import type { RunContext } from "./context.ts";
import { faultOf, isBeyondLog } from "./faults.ts";
import { askAboutCall } from "./question.ts";
import { scopeOf } from "./scope.ts";
import { checkUnchanged } from "./unchanged.ts";

/** Does what comes next until there is nothing more to do: the run has ended, or stopped where it can be resumed. */
export async function drive(context: RunContext): Promise<void> {
  const { log, plan, signal } = context;
  for (let command = next(plan, log.state); command.do !== "rest"; command = next(plan, log.state)) {
    try {
      signal.throwIfAborted();
      await obey(command, context);
    } catch (thrown) {
      await stop(context, thrown);
    }
  }
}

async function stop(context: RunContext, thrown: unknown): Promise<void> {
  const { log, signal } = context;
  const error = toParleyError(thrown);
  if (isBeyondLog(error)) throw error;
  const fault = signal.aborted
    ? {
        code: "E_INTERRUPTED",
        message: `The run ${log.id} was interrupted at step ${log.state.at}: it can be resumed.`,
      }
    : faultOf(error);
  await log.append({ type: "run.stopped", error: fault });
}

async function obey(command: Exclude<Command, { do: "rest" }>, context: RunContext): Promise<void> {
  const { log, loaded } = context;
  switch (command.do) {
    case "enter":
      await checkUnchanged(loaded.files, log.id);
      return await log.append({ type: "step.entered", step: command.step.name, visit: command.visit });
    case "try":
      return await attemptStep(context, command);
    case "recover":
      return await recover(context, command);
    case "doubt": {
      const { step, visit, attempt } = command;
      const call = `The call of ${step.spec.tool ?? step.name}`;
      const as = await askAboutCall(context, command, { call });
      return await log.append({ type: "attempt.assumed", step: step.name, visit, attempt, as });
    }
    case "go": {
      const { step, event, to, error } = command;
      if (event === "limit") tellOfLimit(context, command);
      return await log.append({ type: "transition", step: step.name, event, to, ...(error && { error }) });
    }
    case "stop":
      return await log.append({ type: "run.stopped", error: command.error });
    case "end": {
      const { status, error } = command;
      const outputs = status === "success" ? outputsOf(context) : {};
      const fault = error ?? { code: "E_PLAN_FAILED", message: "The plan ended in failure." };
      return await log.append({
        type: "run.ended",
        status,
        outputs,
        ...(status === "failure" && { error: fault }),
      });
    }
  }
}

function tellOfLimit({ ui, log }: RunContext, { step, error }: Extract<Command, { do: "go" }>): void {
  ui.onLog({
    level: "warning",
    message: error?.message ?? "A limit was reached.",
    runId: log.id,
    step: step.name,
  });
}

/** What the plan gives: its templates filled in, or the outputs of its last step. */
function outputsOf({ log, plan }: RunContext): Readonly<Record<string, unknown>> {
  const { state } = log;
  const { outputs } = plan.spec;
  if (outputs === undefined) return state.last === undefined ? {} : (state.steps[state.last]?.outputs ?? {});
  const scope = scopeOf(state, log.id);
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, render(value, scope, `outputs.${key}`)]),
  );
}
