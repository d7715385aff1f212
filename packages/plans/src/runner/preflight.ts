import { ParleyError } from "@parley/core";
import type { Step } from "@parley/core";
import type { LoadedPlan } from "../plan-file/load-plan.ts";
import { planError } from "../plan-file/problem.ts";
import type { PlanProblem } from "../plan-file/problem.ts";
import { toolNamed } from "../servers/catalog.ts";
import type { Catalog } from "../servers/catalog.ts";
import type { PlanRunnerOptions } from "./options.ts";

type Runner = Pick<PlanRunnerOptions, "model" | "judge" | "agents" | "limits">;

/** Looks, before anything is done, whether the servers have what the plan names. @throws `E_PLAN_INVALID`, `E_CONFIG_INVALID` */
export function preflight(loaded: LoadedPlan, catalog: Catalog, runner: Runner): void {
  const problems = serverProblems(loaded, catalog);
  if (problems.length > 0) throw planError(problems);
  needModel(loaded, runner);
}

/** What a plan names that the servers do not have, or do not take. */
export function serverProblems(loaded: LoadedPlan, catalog: Catalog): readonly PlanProblem[] {
  const { problemAt } = loaded;
  const own = loaded.plan.spec.steps.flatMap((step, index) => {
    const find = (key: "tool" | "prompt" | "agent", look: () => unknown): readonly PlanProblem[] =>
      missing(look).map((why) => problemAt(["steps", index, key], why));
    const { type, server, tool, prompt, agent } = step;
    if (type === "tool" && tool !== undefined) {
      const unknown = find("tool", () => catalog.tool(tool, server));
      return unknown.length > 0
        ? unknown
        : argumentFaults(step, catalog).map((fault) => problemAt(["steps", index, "inputs"], fault));
    }
    const allowed = (step.tools ?? []).flatMap((name, place) =>
      missing(() => toolNamed(catalog, name)).map((why) => problemAt(["steps", index, "tools", place], why)),
    );
    if (type === "prompt" && prompt !== undefined)
      return [...find("prompt", () => catalog.prompt(prompt, server)), ...allowed];
    const role = agent === undefined ? undefined : loaded.agents[agent];
    const { prompt: name, tools = [] } = role ?? {};
    return [
      ...(name === undefined ? [] : find("agent", () => catalog.prompt(name, role?.server))),
      ...tools.flatMap((tool) => find("agent", () => toolNamed(catalog, tool))),
      ...allowed,
    ];
  });
  return [...own, ...Object.values(loaded.plans).flatMap((inner) => serverProblems(inner, catalog))];
}

/** Why something is not to be had; nothing when it is. */
function missing(look: () => unknown): readonly string[] {
  try {
    look();
    return [];
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    return [error.message];
  }
}

/** Arguments that a tool needs and does not get, or gets and does not take. */
function argumentFaults(step: Step, catalog: Catalog): readonly string[] {
  const { tool = "", server, inputs } = step;
  const { required, properties, additionalProperties } = catalog.tool(tool, server).tool.inputSchema;
  const needed = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  const known = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const missing = needed.filter((name) => !Object.hasOwn(inputs, name));
  const surplus =
    additionalProperties === false ? Object.keys(inputs).filter((name) => !known.includes(name)) : [];
  return [
    ...missing.map((name) => `the tool ${tool} needs "${name}"`),
    ...surplus.map(
      (name) => `the tool ${tool} takes no "${name}"; it takes ${known.join(", ") || "nothing"}`,
    ),
  ];
}

function needModel(loaded: LoadedPlan, runner: Runner): void {
  for (const step of loaded.plan.spec.steps) {
    const isOwn =
      step.type === "agent" && step.agent !== undefined && runner.agents?.[step.agent] !== undefined;
    const asks =
      step.type === "prompt" || (step.type === "agent" && !isOwn) || (step.type === "plan" && !step.plan);
    if (asks && runner.model === undefined) throw modelless(step, "is done by a model");
    if (step.judge !== undefined && (runner.judge ?? runner.model) === undefined) {
      throw modelless(step, "is judged by a model");
    }
  }
  for (const inner of Object.values(loaded.plans)) needModel(inner, runner);
}

function modelless({ name }: Step, why: string): ParleyError {
  return new ParleyError("E_CONFIG_INVALID", `Step ${name} ${why}, and none is set: give --llm-model NAME.`);
}
