import type { Estimates, Prices } from "@parley/core";
import { formatDuration } from "@parley/core";
import type { JobSize } from "./clauses/rules.ts";
import { count } from "./words.ts";

/** The most a job can cost: every kind of use that has a price, for its whole walltime. */
export function costOf(prices: Prices | undefined, job: Required<JobSize>): Estimates["cost"] {
  const { perNodeHour, perCoreHour, perGpuHour, currency } = prices ?? { currency: "USD" };
  const uses = [
    { amount: job.nodes, price: perNodeHour, noun: "node" },
    { amount: job.cores ?? 0, price: perCoreHour, noun: "core" },
    { amount: job.gpus ?? 0, price: perGpuHour, noun: "GPU" },
  ];
  const priced = uses.flatMap(({ price, ...use }) => (price === undefined ? [] : [{ ...use, price }]));
  if (priced.length === 0) return undefined;
  const hours = (job.walltimeSeconds ?? 0) / 3600;
  const amount = priced.reduce((total, use) => total + use.amount * use.price * hours, 0);
  const used = priced.filter((use) => use.amount > 0);
  const terms = used.map((use) => `${count(use.amount, use.noun)} at ${use.price} an hour`);
  const basis = terms.length === 0 ? "nothing that has a price" : terms.join(", ");
  return {
    currency,
    amount: Math.round(amount * 1e4) / 1e4,
    basis: `${basis}, for ${formatDuration(job.walltimeSeconds ?? 0)}`,
  };
}
