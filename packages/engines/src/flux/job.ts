import { isTerminal } from "@parley/core";
import type { JobState, JobStatus } from "@parley/core";
import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { fieldsOf, listOf, numberOf, parseJson, textOf, timeOf } from "./json.ts";

/** States of Flux, and results of inactive jobs, in PSI/J's terms. @see Flux RFC 21 */
export const fluxJobStates: Readonly<Record<string, JobState>> = {
  NEW: "QUEUED",
  DEPEND: "QUEUED",
  PRIORITY: "QUEUED",
  SCHED: "QUEUED",
  RUN: "ACTIVE",
  CLEANUP: "ACTIVE",
  COMPLETED: "COMPLETED",
  FAILED: "FAILED",
  CANCELED: "CANCELED",
  TIMEOUT: "FAILED",
};

type Fields = ReadonlyMap<string, unknown>;

/** An id with an ASCII first letter, as the C locale prints it. */
export const plainId = (id: string): string => id.replace(/^ƒ/, "f");

/** F58, or decimal: the two forms that Flux takes everywhere. @see Flux RFC 19 */
export const jobIdPattern = /^(?:[fƒ][1-9A-HJ-NP-Za-km-z]{1,12}|\d{1,20})$/;

function explain(job: Fields, state: JobState): string | undefined {
  const exception = fieldsOf(job.get("exception"));
  if (exception.get("occurred") === true) {
    return (
      [textOf(exception.get("type")), textOf(exception.get("note"))].filter(Boolean).join(": ") || undefined
    );
  }
  if (state !== "QUEUED") return undefined;
  const dependencies = listOf(job.get("dependencies")).filter((item) => typeof item === "string");
  if (dependencies.length > 0) return `waits for ${dependencies.slice(0, 5).join(", ")}`;
  return job.get("urgency") === 0 ? "held: its urgency is 0" : undefined;
}

/** A job cancelled in the queue has returncode -128: it never had an exit status. */
function exitCodeOf(job: Fields, state: JobState): number | undefined {
  const code = numberOf(job.get("returncode"));
  return isTerminal(state) && code !== undefined && Number.isInteger(code) && code >= 0 ? code : undefined;
}

/**
 * Reads `flux jobs --json ID`, which is the job itself for one id.
 * @returns `undefined` when it is no job
 */
export const parseJob = (stdout: string, siteJobId: string): JobStatus | undefined =>
  jobStatusOf(fieldsOf(parseJson(stdout)), siteJobId);

/** The status of one job of `flux jobs --json`; `undefined` when it is no job. */
export function jobStatusOf(job: Fields, siteJobId: string): JobStatus | undefined {
  const word = textOf(job.get("state"));
  if (word === undefined) return undefined;
  const native = word === "INACTIVE" ? (textOf(job.get("result")) ?? word) : word;
  const state = fluxJobStates[native] ?? "UNKNOWN";
  const scheduler = fieldsOf(fieldsOf(job.get("annotations")).get("sched"));
  const nodelist = textOf(job.get("nodelist"));
  return withoutUndefined<JobStatus>({
    siteJobId,
    state,
    nativeState: native,
    reason: explain(job, state),
    exitCode: exitCodeOf(job, state),
    submittedAt: timeOf(job.get("t_submit")),
    startedAt: timeOf(job.get("t_run")),
    finishedAt: isTerminal(state)
      ? (timeOf(job.get("t_cleanup")) ?? timeOf(job.get("t_inactive")))
      : undefined,
    estimatedStartAt: state === "QUEUED" ? timeOf(scheduler.get("t_estimate")) : undefined,
    nodes: nodelist === undefined ? undefined : expandHostlist(nodelist),
  });
}

/** The first job of `flux jobs -a --json` whose name is `name`. */
export function findByName(stdout: string, accepts: (name: string) => boolean): string | undefined {
  const root: unknown = parseJson(stdout);
  const fields = fieldsOf(root);
  // One job alone is printed without the list around it.
  const jobs = fields.has("jobs") ? listOf(fields.get("jobs")) : [root];
  const matching = jobs.map(fieldsOf).filter((job) => accepts(textOf(job.get("name")) ?? ""));
  const earliest = matching.toSorted(
    (left, right) => (numberOf(left.get("t_submit")) ?? 0) - (numberOf(right.get("t_submit")) ?? 0),
  )[0];
  const id = textOf(earliest?.get("jobid"));
  return id === undefined || !jobIdPattern.test(id) ? undefined : plainId(id);
}
