import type { Plan } from "@parley/core";
import { canonicalEvent, compilePlan } from "../machine/compiled.ts";
import type { CompiledPlan } from "../machine/compiled.ts";
import type { Parsed } from "./parse-yaml.ts";
import type { PlanProblem } from "./problem.ts";

type ProblemAt = Parsed<unknown>["problemAt"];

const builtIn = new Set(["success", "failure", "unknown", "limit"]);

/** Events nobody raises or nothing follows, two beginnings, steps no run comes to, and loops that might never end. */
export function checkGraph(plan: Plan, problemAt: ProblemAt): readonly PlanProblem[] {
  const compiled = compilePlan(plan);
  return [
    ...checkEvents(plan, problemAt),
    ...checkInitial(plan, problemAt),
    ...checkReached(compiled, problemAt),
    ...checkLoops(plan, { compiled, problemAt }),
  ];
}

function checkEvents(plan: Plan, problemAt: ProblemAt): readonly PlanProblem[] {
  return plan.steps.flatMap(({ rules = {}, transitions = {} }, index) => {
    const raised = new Set(Object.keys(rules).map(canonicalEvent));
    const followed = new Set(Object.keys(transitions).map(canonicalEvent));
    const dead = Object.keys(transitions).filter((event) => {
      const known = canonicalEvent(event);
      return !builtIn.has(known) && !raised.has(known);
    });
    const loose = Object.keys(rules).filter((event) => {
      const known = canonicalEvent(event);
      return known !== "success" && known !== "failure" && !followed.has(known);
    });
    return [
      ...dead.map((event) =>
        problemAt(
          ["steps", index, "transitions", event],
          `nothing raises "${event}": there is success, failure, unknown, limit, and what rules name`,
        ),
      ),
      ...loose.map((event) =>
        problemAt(["steps", index, "rules", event], `"${event}" leads nowhere: add it to transitions`),
      ),
    ];
  });
}

function checkInitial(plan: Plan, problemAt: ProblemAt): readonly PlanProblem[] {
  const initial = plan.steps.flatMap((step, index) => (step.initial === true ? [index] : []));
  return initial
    .slice(1)
    .map((index) => problemAt(["steps", index, "initial"], "another step is the initial one already"));
}

/** A step that nothing leads to is a mistake somewhere else, most often in the transitions of the one before it. */
function checkReached({ initial, steps }: CompiledPlan, problemAt: ProblemAt): readonly PlanProblem[] {
  const reached = new Set([initial]);
  // A set goes on to what is added to it meanwhile.
  for (const name of reached) {
    for (const next of Object.values(steps.get(name)?.transitions ?? {})) reached.add(next);
  }
  return [...steps.keys()].flatMap((name, index) => {
    if (reached.has(name)) return [];
    const why = `no way leads here from "${initial}", where a run begins`;
    return [problemAt(["steps", index], `${why}: name "${name}" in transitions, or take the step out`)];
  });
}

/** Each loop needs a step that says how often it may be come to; the problem stands where a loop closes. */
function checkLoops(
  plan: Plan,
  { compiled, problemAt }: { readonly compiled: CompiledPlan; readonly problemAt: ProblemAt },
): readonly PlanProblem[] {
  const closing = closingEdges(compiled);
  return closing.map(({ step, event, to }) => {
    const index = plan.steps.findIndex(({ name }) => name === step);
    const spelt = Object.keys(plan.steps[index]?.transitions ?? {}).find(
      (key) => canonicalEvent(key) === event,
    );
    return problemAt(
      spelt === undefined ? ["steps", index] : ["steps", index, "transitions", spelt],
      `goes back to "${to}" without a limit: give "${to}" or another step of the loop max_visits`,
    );
  });
}

interface Edge {
  readonly step: string;
  readonly event: string;
  readonly to: string;
}

/** Edges that close a loop among the steps without `max_visits`, found depth first without recursion. */
function closingEdges(plan: CompiledPlan): readonly Edge[] {
  const edges = new Map(
    [...plan.steps.values()]
      .filter(({ maxVisits }) => maxVisits === undefined)
      .map(({ name, transitions }) => [
        name,
        Object.entries(transitions)
          .filter(([, to]) => plan.steps.get(to) !== undefined && plan.steps.get(to)?.maxVisits === undefined)
          .map(([event, to]): Edge => ({ step: name, event, to })),
      ]),
  );
  const colour = new Map<string, "open" | "done">();
  const found: Edge[] = [];
  for (const start of edges.keys()) {
    if (colour.has(start)) continue;
    const path: { name: string; rest: Edge[] }[] = [{ name: start, rest: [...(edges.get(start) ?? [])] }];
    colour.set(start, "open");
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = top.rest.shift();
      if (edge === undefined) {
        colour.set(top.name, "done");
        path.pop();
      } else if (colour.get(edge.to) === "open") {
        found.push(edge);
      } else if (!colour.has(edge.to)) {
        colour.set(edge.to, "open");
        path.push({ name: edge.to, rest: [...(edges.get(edge.to) ?? [])] });
      }
    }
  }
  return found;
}
