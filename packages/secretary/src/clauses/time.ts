import { formatDuration } from "@parley/core";
import type { JobRequirements } from "@parley/core";
import type { Finding, Outcome } from "../clause.ts";
import { secondsToDeadline } from "../walltime.ts";

/** When the job could start, as far as anyone knows. */
export interface Start {
  readonly seconds?: number | undefined;
  readonly basis?: "scheduler" | "idle-capacity" | undefined;
  /** Whether the nodes for it could be judged at all. */
  readonly known: boolean;
}

/** Start and finish. A deadline that cannot be met is `busy`, since another day it could be. */
export function timeFindings(requirements: JobRequirements, start: Start, now: number): readonly Finding[] {
  return [...startFinding(requirements, start), ...finishFinding(requirements, start, now)];
}

function startFinding(requirements: JobRequirements, start: Start): readonly Finding[] {
  const time = requirements.time ?? {};
  const within = time.startWithinSec ?? (time.urgency === "immediate" ? 0 : undefined);
  if (within === undefined) return [];
  return [
    {
      path: "time.startWithinSec",
      need: within === 0 ? "to start now" : `to start within ${formatDuration(within)}`,
      have: startInWords(start),
      outcome: start.seconds === undefined ? unsure(start) : start.seconds <= within ? "met" : "busy",
    },
  ];
}

function finishFinding(requirements: JobRequirements, start: Start, now: number): readonly Finding[] {
  const left = secondsToDeadline(requirements, now);
  if (left === undefined) return [];
  const walltime = requirements.time?.walltimeSec;
  const finish = start.seconds === undefined ? undefined : start.seconds + (walltime ?? 1);
  const path = requirements.time?.deadlineAt === undefined ? "time.finishWithinSec" : "time.deadlineAt";
  const need =
    left > 0 ? `to be done within ${formatDuration(left)}` : "to be done at a time that has passed";
  const runs = walltime === undefined ? "" : ` and runs up to ${formatDuration(walltime)}`;
  const late = (walltime ?? 0) > left || left <= 0;
  const outcome: Outcome = late
    ? "busy"
    : finish === undefined
      ? unsure(start)
      : finish <= left
        ? "met"
        : "busy";
  return [{ path, need, have: `${startInWords(start)}${runs}`, outcome }];
}

/** Without an estimate: not now, if the nodes are known to be taken; else nobody can say. */
function unsure(start: Start): Outcome {
  return start.known ? "busy" : "unknown";
}

function startInWords(start: Start): string {
  if (start.seconds === undefined) return "there is no estimate of the start";
  const source = start.basis === "scheduler" ? "by the scheduler's estimate" : "since nodes are idle";
  return start.seconds <= 0
    ? `can start now ${source}`
    : `starts in ${formatDuration(start.seconds)} ${source}`;
}
