import type { JobRequirements } from "@parley/core";
import type { HeldOutCase } from "./held-out-case.ts";

/** The value with every list in one order, since lists in a record are sets. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(canonical).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

const same = (a: unknown, b: unknown) => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

/** Why a record is none of those a case accepts; nothing when it is one of them. */
export function judge(held: HeldOutCase, requirements: JobRequirements): string[] {
  const { schema: _, unresolved, ...read } = requirements;
  const pieces = held.leaves.map((piece) => piece.replace(/^\?/, ""));
  const wrong = held.want.some((want) => same({ intent: "run", ...want }, read))
    ? []
    : [`read ${JSON.stringify(read)}`];
  for (const leaf of held.leaves)
    if (!leaf.startsWith("?") && !unresolved.some((clause) => clause.includes(leaf)))
      wrong.push(`does not leave "${leaf}"`);
  for (const clause of unresolved)
    if (!pieces.some((piece) => clause.includes(piece) || piece.includes(clause)))
      wrong.push(`leaves "${clause}"`);
  return wrong;
}
