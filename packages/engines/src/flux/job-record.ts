import { isTerminal } from "@parley/core";
import type { JobState } from "@parley/core";
import { withoutUndefined } from "../_without-undefined.ts";
import { jobStatusOf, plainId } from "./job.ts";
import { fieldsOf, listOf, numberOf, parseJson, textOf } from "./json.ts";

/** A job as a list of jobs has it. Times are ISO-8601; what Flux does not say is absent. */
export interface FluxJob {
  /** F58 with an ASCII `f`. */
  readonly jobId: string;
  readonly name?: string | undefined;
  readonly state: JobState;
  /** Flux's own word, such as `SCHED` or `TIMEOUT`. */
  readonly nativeState: string;
  readonly reason?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly user?: string | undefined;
  readonly queue?: string | undefined;
  readonly bank?: string | undefined;
  readonly cwd?: string | undefined;
  readonly nodes?: number | undefined;
  readonly tasks?: number | undefined;
  readonly cores?: number | undefined;
  readonly hosts?: readonly string[] | undefined;
  /** 0 is held, 16 the default, 31 first. */
  readonly urgency?: number | undefined;
  readonly priority?: number | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly submittedAt?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly estimatedStartAt?: string | undefined;
  /** Seconds it may run; absent for no limit. */
  readonly limitSeconds?: number | undefined;
  readonly runSeconds?: number | undefined;
  /** Of a job that is a Flux instance and runs. */
  readonly uri?: string | undefined;
}

const positive = (value: unknown): number | undefined => {
  const number = numberOf(value);
  return number === undefined || number <= 0 ? undefined : number;
};

/** Reads one job of `flux jobs --json`; `undefined` when it is none. */
export function toFluxJob(value: unknown): FluxJob | undefined {
  const job = fieldsOf(value);
  const id = textOf(job.get("jobid"));
  const status = id === undefined ? undefined : jobStatusOf(job, plainId(id));
  if (status === undefined) return undefined;
  const dependencies = listOf(job.get("dependencies")).filter((item) => typeof item === "string");
  return withoutUndefined<FluxJob>({
    jobId: status.siteJobId,
    name: textOf(job.get("name")),
    state: status.state,
    nativeState: status.nativeState ?? status.state,
    reason: status.reason,
    exitCode: status.exitCode,
    user: textOf(job.get("username")),
    queue: textOf(job.get("queue")),
    bank: textOf(job.get("bank")),
    cwd: textOf(job.get("cwd")),
    nodes: positive(job.get("nnodes")),
    tasks: positive(job.get("ntasks")),
    cores: positive(job.get("ncores")),
    hosts: status.nodes,
    urgency: numberOf(job.get("urgency")),
    priority: numberOf(job.get("priority")),
    dependencies: dependencies.length === 0 ? undefined : dependencies,
    submittedAt: status.submittedAt,
    startedAt: status.startedAt,
    finishedAt: status.finishedAt,
    estimatedStartAt: status.estimatedStartAt,
    limitSeconds: positive(job.get("duration")),
    runSeconds: positive(job.get("runtime")),
    uri: isTerminal(status.state) ? undefined : uriOf(job),
  });
}

function uriOf(job: ReadonlyMap<string, unknown>): string | undefined {
  return textOf(fieldsOf(fieldsOf(job.get("annotations")).get("user")).get("uri"));
}

/** Reads `flux jobs --json`: a list, or the job itself when there is one alone. */
export function parseJobs(stdout: string): FluxJob[] {
  const root: unknown = parseJson(stdout);
  const fields = fieldsOf(root);
  return (fields.has("jobs") ? listOf(fields.get("jobs")) : [root]).flatMap((job) => toFluxJob(job) ?? []);
}
