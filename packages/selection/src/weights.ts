import { FactorName, ParleyError } from "@parley/core";
import type { JobRequirements } from "@parley/core";

/** A factor that counts at all counts at least this much, so that a tie on the others is still told apart. */
const floor = 0.02;

type Weights = Readonly<Record<FactorName, number>>;
type Objective = NonNullable<JobRequirements["objectives"]>[number];

/** What an objective is made of. `energy` has no factor yet and moves nothing. */
const objectiveFactors: Readonly<Record<Objective["metric"], readonly (readonly [FactorName, number])[]>> = {
  time_to_completion: [
    ["wait", 3],
    ["compute", 1],
    ["network", 0.5],
  ],
  wait_time: [["wait", 4]],
  cost: [["cost", 4]],
  energy: [],
  performance: [
    ["compute", 2],
    ["network", 1],
    ["gpu", 1],
  ],
};

/**
 * The weights a request implies: the wait counts most by default, a resource counts more when it is named, objectives
 * add on top, and `importance: ignore` takes a factor out. They sum to 1 and never leave the requester.
 */
export function deriveWeights(requirements: JobRequirements): Weights {
  const { network, gpu, storage, software, budget } = requirements;
  const weights: Record<FactorName, number> = {
    network: 0.25 + named(network, 0.5),
    compute: 0.5,
    gpu: gpu === undefined || gpu.need === "none" ? 0 : 0.5,
    storage: named(storage, 0.25),
    software: named(software, 0.25),
    wait: requirements.time?.urgency === "relaxed" ? 0.5 : 2,
    cost: 0.5 + named(budget, 0.5),
  };
  for (const { metric, weight } of requirements.objectives ?? []) {
    for (const [factor, share] of objectiveFactors[metric]) weights[factor] += share * weight;
  }
  const ignored = new Set<FactorName>([
    ...(network?.importance === "ignore" ? ["network" as const] : []),
    ...(gpu?.need === "none" || gpu?.importance === "ignore" ? ["gpu" as const] : []),
  ]);
  return normalise(weights, ignored);
}

function named(item: object | undefined, weight: number): number {
  return item === undefined ? 0 : weight;
}

/**
 * Checks weights a caller gives by factor name.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unknown factor, a weight below zero, or all zero
 */
export function checkWeights(given: Readonly<Record<string, number>>): Weights {
  const weights: Record<FactorName, number> = zeros();
  for (const [name, weight] of Object.entries(given)) {
    const factor = FactorName.safeParse(name);
    if (!factor.success || !Number.isFinite(weight) || weight < 0) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `Weight "${name.slice(0, 40)}" cannot be used: give numbers from 0 for ${FactorName.options.join(", ")}.`,
      );
    }
    weights[factor.data] = weight;
  }
  if (Object.values(weights).every((weight) => weight === 0)) {
    throw new ParleyError("E_ARGUMENT_INVALID", "All weights are zero: give at least one factor a weight.");
  }
  return normalise(weights, new Set(FactorName.options.filter((name) => given[name] === 0)));
}

function zeros(): Record<FactorName, number> {
  return { network: 0, compute: 0, gpu: 0, storage: 0, software: 0, wait: 0, cost: 0 };
}

function normalise(weights: Weights, ignored: ReadonlySet<FactorName>): Weights {
  const used = FactorName.options.filter((name) => !ignored.has(name));
  const sum = used.reduce((total, name) => total + weights[name], 0);
  const result = zeros();
  for (const name of used) result[name] = floor + (1 - floor * used.length) * (weights[name] / sum);
  return result;
}
