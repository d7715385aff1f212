import type { EligibleEntry } from "./entry.ts";

/** A sort key of an entry: smaller is better, null is unknown and comes last. */
export type Key = (entry: EligibleEntry) => number | null;

/** READY before BUSY. */
export const readyFirst: Key = ({ verdict }) => (verdict === "READY" ? 0 : 1);

/** Sorts by each key in turn and by id in the end, so that the order of arrival never matters. */
export function orderBy(
  entries: readonly EligibleEntry[],
  ...keys: readonly Key[]
): readonly EligibleEntry[] {
  return entries.toSorted((left, right) => {
    for (const key of keys) {
      const [first, second] = [key(left) ?? Infinity, key(right) ?? Infinity];
      if (first !== second) return first < second ? -1 : 1;
    }
    return compareIds(left.workerId, right.workerId);
  });
}

export function compareIds(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
