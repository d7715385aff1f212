import { isoTime, type JobState, type JobStatus } from "@parley/core";
import type { ClusterModel } from "../model/cluster-model.ts";
import { nativeState } from "./_words.ts";
import type { Occupation } from "./_placement.ts";
import type { SimulatedJob } from "./job-store.ts";

/** When a job really ends: at its end, or where it was cancelled before. */
export function effectiveEndMs(job: SimulatedJob): number {
  return Math.min(job.endAtMs, job.canceledAtMs ?? job.endAtMs);
}

/** The times at which jobs hold units; a job cancelled while it waited holds none. */
export function occupations(jobs: Iterable<SimulatedJob>): Occupation[] {
  return Array.from(jobs, (job) => ({
    startAtMs: job.startAtMs,
    endAtMs: effectiveEndMs(job),
    units: job.units,
  })).filter(({ startAtMs, endAtMs }) => startAtMs < endAtMs);
}

/** The state of a job at a time. */
export function stateAt(job: SimulatedJob, nowMs: number): JobState {
  if (job.canceledAtMs !== undefined) return "CANCELED";
  if (nowMs < job.startAtMs) return "QUEUED";
  if (nowMs < job.endAtMs) return "ACTIVE";
  return job.exitCode === 0 && !job.timedOut ? "COMPLETED" : "FAILED";
}

function reason(job: SimulatedJob, state: JobState): string | undefined {
  if (state === "QUEUED") return "waiting for resources";
  if (state !== "FAILED") return undefined;
  return job.timedOut ? "walltime exceeded" : `exit status ${job.exitCode}`;
}

function nodeNames(model: ClusterModel, job: SimulatedJob): string[] {
  const nodes = job.spec.resources.nodes ?? (model.sharing === "node" ? job.units : 1);
  const stem = model.name.split("-")[1] ?? "node";
  const shown = Math.min(nodes, 64);
  return Array.from({ length: shown }, (_, index) => `${stem}${String(index + 1).padStart(4, "0")}`);
}

/** The status of a job at a time, as an engine reports it. */
export function statusAt(model: ClusterModel, job: SimulatedJob, nowMs: number): JobStatus {
  const state = stateAt(job, nowMs);
  const endAtMs = effectiveEndMs(job);
  const started = job.startAtMs <= Math.min(nowMs, endAtMs);
  const finished = state !== "QUEUED" && state !== "ACTIVE";
  const why = reason(job, state);
  return {
    siteJobId: job.siteJobId,
    state,
    nativeState: nativeState(model.manager, state, state === "FAILED" && job.timedOut),
    ...(why === undefined ? {} : { reason: why }),
    ...(state === "COMPLETED" || state === "FAILED" ? { exitCode: job.exitCode } : {}),
    submittedAt: isoTime(job.submittedAtMs),
    ...(started ? { startedAt: isoTime(job.startAtMs), nodes: nodeNames(model, job) } : {}),
    ...(state === "QUEUED" ? { estimatedStartAt: isoTime(job.startAtMs) } : {}),
    ...(finished ? { finishedAt: isoTime(endAtMs) } : {}),
  };
}
