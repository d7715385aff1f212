import type { Call } from "./call.ts";
import { type Cost, estimateCost } from "./prices.ts";

/** What a new cluster would cost, and what of it is over the limits. */
export interface Budget {
  readonly cost: Cost;
  /** One sentence a limit; empty when it is within all. */
  readonly problems: readonly string[];
}

/** The cluster asked for. */
export interface Wanted {
  readonly instance_type: string;
  readonly num_nodes: number;
  readonly hours?: number | undefined;
}

/** Holds a new cluster against the limits; a cost that is not known is over every limit in dollars. */
export async function assessBudget(call: Call, wanted: Wanted): Promise<Budget> {
  const { limits, prices } = call.settings;
  const cost = estimateCost(wanted, prices);
  const { gpus, usd_per_hour, usd } = cost;
  const problems: string[] = [];
  if (limits.maxGpus !== undefined && gpus > limits.maxGpus) {
    problems.push(`It has ${String(gpus)} GPUs and TENSORPOOL_MAX_GPUS is ${String(limits.maxGpus)}.`);
  }
  if (limits.maxUsdPerHour !== undefined) {
    const running = (await call.leases.list()).reduce((sum, lease) => sum + (lease.usd_per_hour ?? 0), 0);
    const hourly = usd_per_hour === undefined ? undefined : usd_per_hour + running;
    problems.push(
      ...over("an hour, with what runs already,", hourly, [
        "TENSORPOOL_MAX_USD_PER_HOUR",
        limits.maxUsdPerHour,
      ]),
    );
  }
  if (limits.maxUsd !== undefined) {
    problems.push(...over("over its lease", usd, ["TENSORPOOL_MAX_USD", limits.maxUsd]));
  }
  return { cost, problems };
}

function over(what: string, dollars: number | undefined, [name, limit]: readonly [string, number]): string[] {
  if (dollars === undefined) {
    return [
      `What it costs ${what} is not known (set TENSORPOOL_PRICES and lease_hours), and ${name} is $${limit.toFixed(2)}.`,
    ];
  }
  return dollars > limit
    ? [`It costs $${dollars.toFixed(2)} ${what} and ${name} is $${limit.toFixed(2)}.`]
    : [];
}
