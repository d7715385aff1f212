import type { Priority } from "../batch-job.ts";

type Scale = Priority["scale"];

/** Neutral value and reach of each scale, and which way is sooner. */
const scales: Readonly<Record<Scale, { middle: number; reach: number; sign: 1 | -1 }>> = {
  slurm: { middle: 1_000_000, reach: 1_000_000, sign: 1 },
  "slurm-nice": { middle: 0, reach: 1000, sign: -1 },
  pbs: { middle: 0, reach: 1023, sign: 1 },
  lsf: { middle: 50, reach: 50, sign: 1 },
  flux: { middle: 16, reach: 15, sign: 1 },
};

/** Carries a priority to another scale, by its distance from that scale's middle. */
export function convertPriority({ value, scale }: Priority, to: Scale): number {
  if (scale === to) return value;
  const from = scales[scale];
  const target = scales[to];
  const level = Math.max(-1, Math.min(1, (from.sign * (value - from.middle)) / from.reach));
  return Math.round(target.middle + target.sign * level * target.reach);
}
