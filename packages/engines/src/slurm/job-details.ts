import { isTerminal } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import type { SlurmClient } from "./client.ts";
import { failureCode, toSlurmError } from "./client.ts";
import { readExitCode } from "./job-state.ts";
import { parseKeyValues, present, wholeNumber } from "./key-values.ts";
import type { SlurmJob } from "./queue.ts";
import { readQueue } from "./queue.ts";

/** All that the controller says of a job. */
export interface SlurmJobDetails extends SlurmJob {
  /** Numeric id of its owner. */
  readonly uid?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: number | undefined;
  readonly dependency?: string | undefined;
  readonly features?: string | undefined;
  readonly tasks?: number | undefined;
  readonly restarts?: number | undefined;
  /** What it was given, as Slurm writes it: `cpu=8,mem=1000M,node=1`. */
  readonly resources?: string | undefined;
  readonly command?: string | undefined;
  readonly directory?: string | undefined;
  readonly stdoutFile?: string | undefined;
  readonly stderrFile?: string | undefined;
}

/**
 * Reads `scontrol -o show job` for jobs whose names are known from the queue. The name stands first in the line and
 * may hold anything, such as ` JobState=COMPLETED`, so it is taken out before the line is read.
 */
function parseJobDetails(stdout: string, jobs: readonly SlurmJob[]): SlurmJobDetails[] {
  const names = [...new Set(jobs.map(({ name }) => name))].toSorted((a, b) => b.length - a.length);
  const nameless = names.reduce(
    (text, name) => text.replaceAll(` JobName=${name} UserId=`, " UserId="),
    stdout,
  );
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const line of nameless.split("\n")) {
    const id = /^JobId=(\d+) /.exec(line)?.[1];
    // The first line of an id is the controller's; text a user wrote comes after it.
    if (id !== undefined && !found.has(id)) found.set(id, parseKeyValues(line));
  }
  return jobs.map((job) => withDetails(job, found.get(job.rawId)));
}

function withDetails(job: SlurmJob, values: ReadonlyMap<string, string> | undefined): SlurmJobDetails {
  if (values === undefined) return job;
  const value = (key: string): string | undefined => present(values.get(key));
  const ended = isTerminal(job.state);
  const { exitCode, signal } = readExitCode(values.get("ExitCode"));
  return withoutUndefined<SlurmJobDetails>({
    ...job,
    uid: wholeNumber(/\((\d+)\)$/.exec(values.get("UserId") ?? "")?.[1]),
    exitCode: ended && (job.state === "COMPLETED" || exitCode !== 0) ? exitCode : undefined,
    signal,
    dependency: value("Dependency"),
    features: value("Features"),
    tasks: wholeNumber(values.get("NumTasks")),
    restarts: wholeNumber(values.get("Restarts")),
    resources: value("AllocTRES") ?? value("ReqTRES") ?? value("TRES"),
    command: value("Command"),
    directory: value("WorkDir"),
    stdoutFile: value("StdOut"),
    stderrFile: value("StdErr") ?? value("StdOut"),
  });
}

/** A job, or the tasks of an array; empty when the controller knows none. @throws ParleyError `E_ENGINE_*` */
export async function readJobDetails(
  client: SlurmClient,
  jobId: string,
  call: { readonly mark: string; readonly deadline: Deadline },
): Promise<SlurmJobDetails[]> {
  const jobs = await readQueue(client, { jobId, states: "all" }, call);
  if (jobs.length === 0) return [];
  const result = await client.run("scontrol", ["-o", "show", "job", jobId], call.deadline);
  if (result.ok) return parseJobDetails(result.stdout, jobs);
  if (failureCode(result) === "E_ENGINE_JOB_UNKNOWN") return jobs;
  throw toSlurmError(result, "E_ENGINE_OUTPUT");
}
