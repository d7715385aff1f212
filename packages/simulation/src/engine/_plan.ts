import { isTerminal, seededRandom, type JobSpec } from "@parley/core";
import type { ClusterModel } from "../model/cluster-model.ts";
import { settleCourse } from "./_course.ts";
import { readDemand } from "./_demand.ts";
import { missingLoad } from "./_loads.ts";
import { place } from "./_placement.ts";
import { effectiveEndMs, occupations, stateAt } from "./_state.ts";
import { jobIdFor } from "./_words.ts";
import type { SimulatedJob } from "./job-store.ts";

type Jobs = readonly SimulatedJob[];

/** The site and the speed at which it lives. */
export interface World {
  readonly model: ClusterModel;
  /** Milliseconds of the clock that one simulated second takes. */
  readonly secondMs: number;
}

interface Placing {
  readonly durationMs: number;
  readonly beside: Jobs;
  readonly earliestMs?: number | undefined;
}

type Draft = Omit<SimulatedJob, "startAtMs" | "endAtMs">;

function placeJob({ model, secondMs }: World, job: Draft, placing: Placing): SimulatedJob {
  const { durationMs, beside, earliestMs } = placing;
  const delayMs = Math.round((1 + 9 * seededRandom(job.tag, "delay")()) * secondMs);
  const fromMs = job.submittedAtMs + delayMs;
  const wish = { units: job.units, durationMs, fromMs, earliestMs, secondMs };
  const startAtMs = Math.round(place(model, occupations(beside), wish));
  return { ...job, startAtMs, endAtMs: startAtMs + durationMs };
}

function freeId(model: ClusterModel, tag: string, jobs: Jobs): string {
  for (let attempt = 0; ; attempt += 1) {
    const siteJobId = jobIdFor(model.manager, model.workerId, { tag, attempt });
    if (!jobs.some((job) => job.siteJobId === siteJobId)) return siteJobId;
  }
}

/**
 * Settles the whole course of a job that is submitted now.
 * @throws {@link ParleyError} `E_ENGINE_REFUSED` with the numbers
 */
export function planJob(
  world: World,
  jobs: Jobs,
  { spec, tag, nowMs }: { readonly spec: JobSpec; readonly tag: string; readonly nowMs: number },
): SimulatedJob {
  const { units, walltimeSeconds } = readDemand(world.model, spec);
  const { exitCode, timedOut, runSeconds } =
    missingLoad(world.model, spec) === undefined
      ? settleCourse(spec.command, walltimeSeconds, tag)
      : { exitCode: 127, timedOut: false, runSeconds: 1 };
  const siteJobId = freeId(world.model, tag, jobs);
  const draft = { siteJobId, tag, spec, units, submittedAtMs: nowMs, exitCode, timedOut };
  const durationMs = Math.max(1, Math.round(runSeconds * world.secondMs));
  return placeJob(world, draft, { durationMs, beside: jobs });
}

/** The jobs after one is cancelled now: those that wait may start earlier, all others stay as they are. */
export function cancelJob(
  world: World,
  jobs: Jobs,
  { siteJobId, nowMs }: { readonly siteJobId: string; readonly nowMs: number },
): Jobs {
  const target = jobs.find((job) => job.siteJobId === siteJobId);
  if (target === undefined || isTerminal(stateAt(target, nowMs))) return jobs;
  const waits = (job: SimulatedJob): boolean => job !== target && stateAt(job, nowMs) === "QUEUED";
  const settled = new Map<string, SimulatedJob>();
  for (const job of jobs) {
    if (!waits(job)) settled.set(job.siteJobId, job === target ? { ...job, canceledAtMs: nowMs } : job);
  }
  for (const job of jobs.filter(waits)) {
    const durationMs = job.endAtMs - job.startAtMs;
    const beside = [...settled.values()];
    settled.set(job.siteJobId, placeJob(world, job, { durationMs, beside, earliestMs: nowMs }));
  }
  return jobs.map((job) => settled.get(job.siteJobId) ?? job);
}

/** The jobs without the oldest ended ones, so that one more fits if possible. */
export function makeRoom(jobs: Jobs, maxJobs: number, nowMs: number): Jobs {
  let surplus = jobs.length - maxJobs + 1;
  return jobs.filter((job) => {
    const dropped = surplus > 0 && effectiveEndMs(job) <= nowMs;
    if (dropped) surplus -= 1;
    return !dropped;
  });
}
