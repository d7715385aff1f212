import { ParleyError } from "@parley/core";

/** Something wrong with a plan file. */
export interface PlanProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the file, such as `steps[2].transitions.success`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** `plan.yaml:12:5: steps[2].transitions.success: no step is called "biuld"`. */
export function problemText({ file, line, column, path, message }: PlanProblem): string {
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}

/** All problems as one error. */
export function planError(problems: readonly PlanProblem[]): ParleyError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: see parley run --check)` : "";
  const said = first === undefined ? "the plan cannot be used" : problemText(first);
  return new ParleyError("E_PLAN_INVALID", `${said}${more}.`, { details: { problems } });
}
