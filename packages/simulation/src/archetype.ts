import { seededRandom } from "@parley/core";

/** What kinds of site there are: a cluster, a cloud account, one machine. */
export const archetypes = ["hpc", "cloud", "standalone"] as const;
export type Archetype = (typeof archetypes)[number];

/** Whether a text names an archetype. */
export function isArchetype(value: unknown): value is Archetype {
  return archetypes.some((archetype) => archetype === value);
}

/** Draws a worker's archetype from its id: 40 % hpc, 40 % cloud, 20 % standalone. */
export function chooseArchetype(workerId: string): Archetype {
  const roll = seededRandom(workerId, "archetype")();
  if (roll < 0.4) return "hpc";
  return roll < 0.8 ? "cloud" : "standalone";
}
