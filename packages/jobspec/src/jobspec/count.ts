import { fieldsAt, isCount, isFields, itemsOf } from "./json.ts";

/** The least of a count: the number, the `min` of a range, the first of a set. */
export function leastOf(count: unknown): number {
  if (isCount(count)) return count;
  if (isFields(count) && isCount(count["min"])) return count["min"];
  const first = typeof count === "string" ? /\d+/.exec(count)?.[0] : undefined;
  return Math.max(1, Number(first ?? 1));
}

/** Whether a count leaves something open. */
export const isOpen = (count: unknown): boolean => !isCount(count);

/**
 * Counts every type of resource over the whole tree, multiplying on the way down; branches add up.
 * A range counts with its least.
 */
export function countResources(resources: unknown): Record<string, number> {
  const totals: Record<string, number> = {};
  const visit = (vertex: unknown, times: number, depth: number): void => {
    const { type, count, with: children } = fieldsAt(vertex);
    const amount = times * leastOf(count);
    if (typeof type === "string") totals[type] = (totals[type] ?? 0) + amount;
    if (depth < 32) for (const child of itemsOf(children)) visit(child, amount, depth + 1);
  };
  for (const vertex of itemsOf(resources)) visit(vertex, 1, 0);
  return totals;
}
