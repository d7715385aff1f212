import type { ClusterModel } from "../model/cluster-model.ts";
import { totalUnits } from "../model/cluster-model.ts";

/** A time during which some units are taken. */
export interface Occupation {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly units: number;
}

/** What is to be placed. */
export interface Wish {
  readonly units: number;
  readonly durationMs: number;
  /** When it began to wait. */
  readonly fromMs: number;
  /** Not before; absent means from `fromMs`. */
  readonly earliestMs?: number | undefined;
  /** How many milliseconds one simulated second takes. */
  readonly secondMs: number;
}

/** The most units that are taken at one time within an interval. */
export function peakUnits(taken: readonly Occupation[], fromMs: number, untilMs: number): number {
  const inside = taken.filter(({ startAtMs, endAtMs }) => startAtMs < untilMs && endAtMs > fromMs);
  const steps = inside.flatMap(({ startAtMs, endAtMs, units }) => [
    { atMs: Math.max(startAtMs, fromMs), change: units },
    { atMs: endAtMs, change: -units },
  ]);
  let current = 0;
  let peak = 0;
  for (const { change } of steps.toSorted(
    (left, right) => left.atMs - right.atMs || left.change - right.change,
  )) {
    current += change;
    peak = Math.max(peak, current);
  }
  return peak;
}

/** When work of others has made room for some units beyond the idle ones; never when there are not as many. */
function roomAtMs(model: ClusterModel, missing: number, { fromMs, secondMs }: Wish): number {
  const { busyUnits, pendingJobs, runningJobs, meanRuntimeSeconds } = model.load;
  if (missing <= 0) return fromMs;
  if (missing > busyUnits) return Number.POSITIVE_INFINITY;
  const ahead = Math.min(1, pendingJobs / Math.max(1, runningJobs)) * 0.25;
  return fromMs + Math.ceil((missing / busyUnits + ahead) * meanRuntimeSeconds) * secondMs;
}

/**
 * The earliest time a job can start: beside the jobs placed before it, which keep their places, on idle units and
 * those that work of others leaves. `wish.units` fits the empty site, so there always is one.
 */
export function place(model: ClusterModel, taken: readonly Occupation[], wish: Wish): number {
  const idle = totalUnits(model) - model.load.busyUnits;
  const pending = taken.filter(({ endAtMs }) => endAtMs > wish.fromMs);
  const ends = pending.map(({ endAtMs }) => endAtMs).toSorted((left, right) => left - right);
  let atMs = Math.max(wish.fromMs, wish.earliestMs ?? 0);
  for (;;) {
    const peak = peakUnits(pending, atMs, atMs + wish.durationMs);
    const roomMs = roomAtMs(model, peak + wish.units - idle, wish);
    if (roomMs <= atMs) return atMs;
    const now = atMs;
    const nextEnd = ends.find((end) => end > now) ?? Number.POSITIVE_INFINITY;
    atMs = Math.min(roomMs, nextEnd);
  }
}
