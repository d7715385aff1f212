import { isTerminal } from "@parley/core";
import type { Job, JobStatus } from "@parley/core";

/**
 * Applies what a scheduler said to the ledger's job. A terminal state is final, a job never goes back
 * to NEW, and UNKNOWN gives way to anything known.
 */
export function withStatus(job: Job, status: JobStatus, at: string): Job {
  if (isTerminal(job.state)) return job;
  const backwards = status.state === "NEW" && job.state !== "UNKNOWN";
  const next: Job = {
    ...job,
    siteJobId: status.siteJobId,
    state: backwards ? job.state : status.state,
    nativeState: status.nativeState,
    reason: status.reason,
    exitCode: status.exitCode,
    submittedAt: job.submittedAt ?? status.submittedAt ?? at,
    startedAt: status.startedAt ?? job.startedAt,
    finishedAt: status.finishedAt ?? (isTerminal(status.state) ? at : undefined),
    error: undefined,
    updatedAt: at,
  };
  const changed = fingerprint(job) !== fingerprint(next);
  return changed ? { ...next, actual: actualOf(next) } : job;
}

/** Notes that nobody can say now how the job is. Its last known facts stay. */
export function withoutAnswer(job: Job, reason: string, at: string): Job {
  if (isTerminal(job.state) || (job.state === "UNKNOWN" && job.reason === reason)) return job;
  return { ...job, state: "UNKNOWN", reason, updatedAt: at };
}

/** Ends a job that never came to be. */
export function asFailed(job: Job, error: NonNullable<Job["error"]>, at: string): Job {
  if (isTerminal(job.state)) return job;
  return { ...job, state: "FAILED", reason: error.message, error, finishedAt: at, updatedAt: at };
}

function fingerprint(job: Job): string {
  const { state, nativeState, reason, exitCode, siteJobId, startedAt, finishedAt } = job;
  return JSON.stringify([state, nativeState, reason, exitCode, siteJobId, startedAt, finishedAt]);
}

function actualOf({ submittedAt, startedAt, finishedAt }: Job): Job["actual"] {
  return {
    waitSeconds: secondsBetween(submittedAt, startedAt),
    runSeconds: secondsBetween(startedAt, finishedAt),
  };
}

function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

/** Ends a job that was cancelled before its site had it running. */
export function asCanceled(job: Job, reason: string, at: string): Job {
  if (isTerminal(job.state)) return job;
  return { ...job, state: "CANCELED", reason, finishedAt: at, updatedAt: at };
}

/** Notes that somebody wants the job to end; the first request counts. */
export function withCancelRequest(job: Job, at: string): Job {
  if (isTerminal(job.state) || job.cancelRequestedAt !== undefined) return job;
  return { ...job, cancelRequestedAt: at, updatedAt: at };
}
