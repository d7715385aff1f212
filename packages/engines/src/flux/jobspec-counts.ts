import type { FluxJobspec } from "./jobspec.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./json.ts";

/** The least a count allows: a number, or the `min` of a range. */
function leastOf(count: unknown): number {
  if (typeof count === "string") return Number(/^\d+/.exec(count)?.[0] ?? 1);
  return numberOf(count) ?? numberOf(fieldsOf(count).get("min")) ?? 1;
}

/** Deepest nesting looked at. */
const maxDepth = 32;

interface Level {
  /** How many of what is around there are. */
  readonly outer: number;
  readonly depth: number;
}

function add(totals: Map<string, number>, resources: unknown, { outer, depth }: Level): void {
  if (depth > maxDepth) return;
  for (const resource of listOf(resources).map(fieldsOf)) {
    const type = textOf(resource.get("type"));
    if (type === undefined) continue;
    const count = outer * leastOf(resource.get("count"));
    totals.set(type, (totals.get(type) ?? 0) + count);
    add(totals, resource.get("with"), { outer: count, depth: depth + 1 });
  }
}

/** How many of each type of resource a jobspec asks for in all; a type in two branches is the sum of both. */
export function countResources(jobspec: FluxJobspec): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  add(totals, jobspec["resources"], { outer: 1, depth: 0 });
  return Object.fromEntries(totals);
}
