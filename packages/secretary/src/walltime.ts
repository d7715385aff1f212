import type { JobRequirements } from "@parley/core";

/** The limit a job gets when the request states neither a walltime nor a deadline. */
export const defaultWalltimeSeconds = 3600;

/** How long a job may run, and why that long. */
export interface Walltime {
  readonly seconds: number;
  readonly basis: "stated" | "deadline" | "default";
}

/** Seconds from now until the job must be done; the nearest of the deadlines. */
export function secondsToDeadline(requirements: JobRequirements, now: number): number | undefined {
  const { finishWithinSec, deadlineAt } = requirements.time ?? {};
  const at = Date.parse(deadlineAt ?? "");
  const bounds = [finishWithinSec, Number.isNaN(at) ? undefined : Math.round((at - now) / 1000)];
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/**
 * The limit a job is submitted with: as stated, else what is left until its deadline, else 3600 s. What was not
 * stated never exceeds `most`.
 */
export function plannedWalltime(
  requirements: JobRequirements,
  now: number,
  most: number = Infinity,
): Walltime {
  const stated = requirements.time?.walltimeSec;
  if (stated !== undefined) return { seconds: stated, basis: "stated" };
  const left = secondsToDeadline(requirements, now);
  if (left !== undefined && left > 0) {
    return { seconds: Math.max(1, Math.floor(Math.min(left, most))), basis: "deadline" };
  }
  return { seconds: Math.max(1, Math.floor(Math.min(defaultWalltimeSeconds, most))), basis: "default" };
}
