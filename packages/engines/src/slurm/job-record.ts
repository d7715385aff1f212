import { isTerminal } from "@parley/core";
import type { JobStatus } from "@parley/core";
import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { readExitCode, readJobState } from "./job-state.ts";
import { parseKeyValues, present } from "./key-values.ts";
import { parseSlurmTime } from "./walltime.ts";

/** A job as Slurm prints it, before it is read. */
interface RawJob {
  readonly siteJobId: string;
  readonly state: string;
  readonly reason?: string | undefined;
  readonly exitCode?: string | undefined;
  readonly submitted?: string | undefined;
  readonly started?: string | undefined;
  readonly ended?: string | undefined;
  readonly nodes?: string | undefined;
}

function explain(reason: string | undefined, signal: number | undefined): string | undefined {
  const words = present(reason)?.replaceAll("_", " ");
  return signal === undefined ? words : [words, `ended by signal ${signal}`].filter(Boolean).join(", ");
}

function toStatus(raw: RawJob, utc: boolean): JobStatus {
  const [state, meaning] = readJobState(raw.state);
  const ended = isTerminal(state);
  const { exitCode, signal } = readExitCode(raw.exitCode);
  const nodes = raw.nodes === "None assigned" ? [] : expandHostlist(present(raw.nodes) ?? "");
  const reason = meaning ?? explain(raw.reason, signal);
  const started = parseSlurmTime(raw.started, utc);
  return withoutUndefined({
    siteJobId: raw.siteJobId,
    state,
    nativeState: raw.state,
    reason: state === "COMPLETED" ? undefined : reason,
    // Slurm says 0:0 for jobs that were cancelled or ran into a limit as well.
    exitCode: ended && (state === "COMPLETED" || exitCode !== 0) ? exitCode : undefined,
    submittedAt: parseSlurmTime(raw.submitted, utc),
    // A job cancelled in the queue has a start time, its end, and no nodes.
    startedAt: state !== "QUEUED" && nodes.length > 0 ? started : undefined,
    estimatedStartAt: state === "QUEUED" ? started : undefined,
    finishedAt: ended ? parseSlurmTime(raw.ended, utc) : undefined,
    nodes: nodes.length > 0 ? nodes : undefined,
  });
}

/** Reads `scontrol -o show job ID`; `undefined` when it is about another job or none. */
export function parseScontrolJob(stdout: string, siteJobId: string, utc: boolean): JobStatus | undefined {
  const line = stdout.split("\n").find((text) => text.startsWith(`JobId=${siteJobId} `));
  const values = parseKeyValues(line ?? "");
  const state = values.get("JobState");
  if (state === undefined) return undefined;
  const raw = {
    siteJobId,
    state,
    reason: values.get("Reason"),
    exitCode: values.get("ExitCode"),
    submitted: values.get("SubmitTime"),
    started: values.get("StartTime"),
    ended: values.get("EndTime"),
    nodes: values.get("NodeList"),
  };
  return toStatus(raw, utc);
}

/** Columns asked of `sacct`. */
export const sacctFormat = "JobIDRaw,State,ExitCode,Submit,Start,End,NodeList";

/** Reads `sacct -X -n -P -o` {@link sacctFormat}; `undefined` when the job is not there. */
export function parseSacctJob(stdout: string, siteJobId: string, utc: boolean): JobStatus | undefined {
  const line = stdout.split("\n").find((text) => text.startsWith(`${siteJobId}|`));
  if (line === undefined) return undefined;
  const [, state = "", exitCode, submitted, started, ended, nodes] = line.split("|");
  return toStatus({ siteJobId, state, exitCode, submitted, started, ended, nodes }, utc);
}
