import { costIn, referenceCurrency } from "./currency.ts";
import { defineStrategy } from "./define-strategy.ts";
import { orderBy, readyFirst } from "./order.ts";
import type { Strategy } from "./strategy.ts";

/**
 * The lowest cost among READY sites, then among BUSY ones; zero is a price. Sites of unknown cost come last, and when
 * no cost is known at all the strategy passes, so that a pipeline goes on to the next.
 */
export const minCost: Strategy = defineStrategy({
  name: "min-cost",
  description: "The lowest cost among READY sites, then among BUSY ones. Unknown cost comes last.",
  rank: (entries, context) => {
    const currency = referenceCurrency(context.requirements, entries);
    const cost = entries.map((entry) => costIn(entry, currency));
    if (cost.every((amount) => amount === null)) throw new Error("no proposal states a cost");
    return orderBy(
      entries,
      (entry) => (costIn(entry, currency) === null ? 1 : 0),
      readyFirst,
      (entry) => costIn(entry, currency),
    ).map((entry) => {
      const amount = costIn(entry, currency);
      const reason = amount === null ? "its cost is unknown" : `it costs ${amount} ${currency ?? ""}`.trim();
      return { workerId: entry.workerId, reason };
    });
  },
});
