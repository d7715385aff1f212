import { dirname, isAbsolute, join, resolve } from "node:path";
import { digest, ParleyError, Plan, PlanAgent } from "@parley/core";
import { compilePlan } from "../machine/compiled.ts";
import type { CompiledPlan } from "../machine/compiled.ts";
import { checkGraph } from "./check-graph.ts";
import { checkTemplates } from "./check-templates.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { Parsed } from "./parse-yaml.ts";
import type { PathPart } from "./places.ts";
import { planError } from "./problem.ts";
import type { PlanProblem } from "./problem.ts";
import { readPlanText } from "./read-text.ts";

/** A file that a plan is made of. */
export interface PlanFile {
  /** As it was given, or relative to the plan that names it. */
  readonly path: string;
  readonly hash: string;
}

/** A plan with all it names, checked and ready to run. */
export interface LoadedPlan {
  readonly plan: CompiledPlan;
  /** Absent for a plan that is no file, such as one a model made. */
  readonly file?: string | undefined;
  /** Of a plan that is no file: the plan. */
  readonly text?: string | undefined;
  /** Digest of all files, those of plans inside included. */
  readonly hash: string;
  readonly files: readonly PlanFile[];
  readonly agents: Readonly<Record<string, PlanAgent>>;
  /** By step, the plans of steps of type plan. */
  readonly plans: Readonly<Record<string, LoadedPlan>>;
  /** Where a part of the file stands, as a problem about it. */
  readonly problemAt: (path: readonly PathPart[], message: string) => PlanProblem;
}

/** Options of {@link checkPlan} and {@link loadPlan}. */
export interface LoadOptions {
  /** Agents that steps may name beside the plan's own. */
  readonly agents?: readonly string[] | undefined;
}

/** What {@link checkPlan} found. */
export interface CheckedPlan {
  /** Absent when there are problems. */
  readonly loaded: LoadedPlan | undefined;
  readonly problems: readonly PlanProblem[];
}

/** How deep plans may lie in plans. */
const maxDepth = 8;

/** Reads a plan and what it names, and finds all that is wrong. @throws `E_PLAN_INVALID` for a file that cannot be read */
export async function checkPlan(path: string, options: LoadOptions = {}): Promise<CheckedPlan> {
  const { text, hash } = await readPlanText(path);
  return await checkText(text, { path, hash }, { options, above: [resolve(path)] });
}

/** Reads a plan. @throws `E_PLAN_INVALID` with file, line, column and path of the first problem, and all in `details` */
export async function loadPlan(path: string, options: LoadOptions = {}): Promise<LoadedPlan> {
  const { loaded, problems } = await checkPlan(path, options);
  if (loaded === undefined || problems.length > 0) throw planError(problems);
  return loaded;
}

/** Reads a plan from text, which a run of it keeps; what it names is looked for beside `path`. */
export async function parsePlan(text: string, path: string, options: LoadOptions = {}): Promise<CheckedPlan> {
  const own = { path, hash: digest(text) };
  const { loaded, problems } = await checkText(text, own, { options, above: [resolve(path)] });
  if (loaded === undefined) return { loaded, problems };
  return { problems, loaded: { ...loaded, text, file: undefined, files: loaded.files.slice(1) } };
}

interface Loading {
  readonly options: LoadOptions;
  /** Absolute paths of the plan and those around it. */
  readonly above: readonly string[];
}

async function checkText(text: string, own: PlanFile, loading: Loading): Promise<CheckedPlan> {
  const parsed = parseYaml(text, own.path, Plan);
  const { value: plan, problemAt } = parsed;
  if (plan === undefined) return { loaded: undefined, problems: parsed.problems };
  const agents = await loadAgents(plan, own.path, problemAt);
  const plans = await loadPlans(plan, { own, problemAt, loading });
  const problems = [
    ...checkGraph(plan, problemAt),
    ...checkTemplates(plan, problemAt),
    ...agents.problems,
    ...checkAgentNames(plan, {
      problemAt,
      known: [...Object.keys(agents.found), ...(loading.options.agents ?? [])],
    }),
    ...plans.problems,
  ];
  if (problems.length > 0) return { loaded: undefined, problems: problems.toSorted(byPlace(own.path)) };
  const files = [own, ...agents.files, ...Object.values(plans.found).flatMap((inner) => inner.files)];
  return {
    problems: [],
    loaded: {
      plan: compilePlan(plan),
      file: own.path,
      hash: digest(files.map(({ hash }) => hash)),
      files,
      agents: agents.found,
      plans: plans.found,
      problemAt,
    },
  };
}

const byPlace =
  (first: string) =>
  (left: PlanProblem, right: PlanProblem): number =>
    Number(right.file === first) - Number(left.file === first) ||
    left.line - right.line ||
    left.column - right.column;

interface Found<Value> {
  readonly found: Readonly<Record<string, Value>>;
  readonly files: readonly PlanFile[];
  readonly problems: readonly PlanProblem[];
}

type ProblemAt = Parsed<unknown>["problemAt"];

async function loadAgents(plan: Plan, path: string, problemAt: ProblemAt): Promise<Found<PlanAgent>> {
  const found: Record<string, PlanAgent> = {};
  const files: PlanFile[] = [];
  const problems: PlanProblem[] = [];
  const take = (agent: PlanAgent, place: readonly PropertyKey[]): void => {
    if (Object.hasOwn(found, agent.name))
      problems.push(problemAt(place, `the agent "${agent.name}" is taken`));
    else found[agent.name] = agent;
  };
  for (const [index, entry] of plan.agents.entries()) {
    const place = ["agents", index];
    if (typeof entry === "object" && "name" in entry) {
      take(entry, place);
      continue;
    }
    const relative = typeof entry === "string" ? entry : entry.path;
    const file = beside(path, relative);
    const read = await readBeside(file, problemAt, place);
    if (!("text" in read)) {
      problems.push(read);
      continue;
    }
    const { value, problems: inner } = parseYaml(read.text, file, PlanAgent);
    problems.push(...inner);
    files.push({ path: file, hash: read.hash });
    if (value !== undefined) take(value, place);
  }
  return { found, files, problems };
}

function checkAgentNames(
  plan: Plan,
  { problemAt, known }: { problemAt: ProblemAt; known: readonly string[] },
): readonly PlanProblem[] {
  return plan.steps.flatMap(({ type, agent }, index) => {
    if (type !== "agent" || agent === undefined || known.includes(agent)) return [];
    const there = known.join(", ") || "none";
    return [problemAt(["steps", index, "agent"], `no agent is called "${agent}"; there is ${there}`)];
  });
}

interface Around {
  readonly own: PlanFile;
  readonly problemAt: ProblemAt;
  readonly loading: Loading;
}

async function loadPlans(plan: Plan, { own, problemAt, loading }: Around): Promise<Found<LoadedPlan>> {
  const found: Record<string, LoadedPlan> = {};
  const problems: PlanProblem[] = [];
  for (const [index, step] of plan.steps.entries()) {
    if (step.type !== "plan" || step.plan === undefined) continue;
    const place = ["steps", index, "plan"];
    const file = beside(own.path, step.plan);
    const fault = loading.above.includes(resolve(file))
      ? "the plan would run itself"
      : loading.above.length >= maxDepth
        ? `plans lie more than ${maxDepth} deep in one another`
        : undefined;
    if (fault !== undefined) {
      problems.push(problemAt(place, fault));
      continue;
    }
    const read = await readBeside(file, problemAt, place);
    if (!("text" in read)) {
      problems.push(read);
      continue;
    }
    const inner = await checkText(
      read.text,
      { path: file, hash: read.hash },
      { ...loading, above: [...loading.above, resolve(file)] },
    );
    problems.push(...inner.problems);
    if (inner.loaded !== undefined) found[step.name] = inner.loaded;
  }
  return { found, files: [], problems };
}

function beside(path: string, relative: string): string {
  return isAbsolute(relative) ? relative : join(dirname(path), relative);
}

/** A file that a plan names; one that cannot be read is a problem where it is named. */
async function readBeside(
  file: string,
  problemAt: ProblemAt,
  place: readonly PropertyKey[],
): Promise<{ text: string; hash: string } | PlanProblem> {
  try {
    return await readPlanText(file);
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    return problemAt(place, error.message.replace(/\.$/, ""));
  }
}
