import type { Plan } from "@parley/core";
import { isTemplate } from "../template/render.ts";
import { conditionVariables, templateVariables } from "../template/variables.ts";
import type { Variables } from "../template/variables.ts";
import type { Parsed } from "./parse-yaml.ts";
import type { PlanProblem } from "./problem.ts";

type ProblemAt = Parsed<unknown>["problemAt"];
type Path = readonly PropertyKey[];

/** What a template may ask of a step. */
const ofStep = ["outputs", "inputs", "event", "error", "visits"];

/** Variables that do not exist, and templates that cannot be read, wherever a plan may hold one. */
export function checkTemplates(plan: Plan, problemAt: ProblemAt): readonly PlanProblem[] {
  const about = (text: string, path: Path): readonly PlanProblem[] =>
    isTemplate(text) ? faults(templateVariables(text), plan, false).map(at(path)) : [];
  const at = (path: Path) => (message: string) => problemAt(path, message);
  const steps = plan.steps.flatMap((step, index) => [
    ...walk(step.inputs, ["steps", index, "inputs"], about),
    ...(["instruction", "confirm", "judge"] as const).flatMap((key) =>
      about(step[key] ?? "", ["steps", index, key]),
    ),
    ...Object.entries(step.rules ?? {}).flatMap(([event, conditions]) =>
      conditions.flatMap((condition, place) =>
        faults(conditionVariables(condition), plan, true).map(at(["steps", index, "rules", event, place])),
      ),
    ),
  ]);
  return [...steps, ...walk(plan.outputs ?? {}, ["outputs"], about)];
}

function walk(
  value: unknown,
  path: Path,
  about: (text: string, path: Path) => readonly PlanProblem[],
): readonly PlanProblem[] {
  if (typeof value === "string") return about(value, path);
  if (typeof value !== "object" || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    walk(inner, [...path, isList ? Number(key) : key], about),
  );
}

/** In conditions, names that are neither steps nor inputs are outputs of the step itself. */
function faults(variables: Variables, plan: Plan, condition: boolean): readonly string[] {
  if (!variables.ok) return [`cannot be read: ${variables.problem}`];
  return variables.paths.flatMap(([root, name, part]) => {
    if (root === "steps") return stepFault(plan, name, part);
    if (root === "inputs") return inputFault(plan, name);
    if (root === "run" || condition) return [];
    return [`there is no variable "${root ?? ""}"; there is steps.NAME.outputs.KEY, inputs.NAME and run.id`];
  });
}

function stepFault(plan: Plan, name: string | undefined, part: string | undefined): readonly string[] {
  if (name === undefined) return [];
  if (!plan.steps.some((step) => step.name === name)) {
    return [
      `there is no variable "steps.${name}": no step is called "${name}"; there is ${plan.steps.map((step) => step.name).join(", ")}`,
    ];
  }
  if (part === undefined || ofStep.includes(part)) return [];
  return [`there is no variable "steps.${name}.${part}"; a step has ${ofStep.join(", ")}`];
}

function inputFault(plan: Plan, name: string | undefined): readonly string[] {
  if (name === undefined || Object.hasOwn(plan.inputs, name)) return [];
  const there = Object.keys(plan.inputs).join(", ") || "none";
  return [`there is no variable "inputs.${name}": the plan declares ${there} under inputs`];
}
