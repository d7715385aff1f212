import type { JobRequirements } from "@parley/core";
import type { EligibleEntry } from "./entry.ts";
import { compareIds } from "./order.ts";

/**
 * The currency costs are compared in: the budget's, else the one most proposals use. Amounts in other currencies are
 * unknown, since nothing here knows rates; an amount without a currency counts as being in this one.
 */
export function referenceCurrency(
  requirements: Pick<JobRequirements, "budget">,
  entries: readonly EligibleEntry[],
): string | null {
  const unit = requirements.budget?.unit;
  if (unit === "USD" || unit === "EUR" || unit === "GBP") return unit;
  const counts = new Map<string, number>();
  for (const { proposal } of entries) {
    const { cost, currency } = proposal.metrics;
    if (cost !== null && currency !== null) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted((left, right) => right[1] - left[1] || compareIds(left[0], right[0]));
  return most?.[0] ?? null;
}

/** A proposal's cost in the reference currency, null when unknown. */
export function costIn(entry: EligibleEntry, currency: string | null): number | null {
  const { cost, currency: own } = entry.proposal.metrics;
  return own === null || currency === null || own === currency ? cost : null;
}
