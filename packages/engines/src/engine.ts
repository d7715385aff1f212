import type { JobSpec, JobStatus, LogChunk, Workload } from "@parley/core";

/** Options every engine call takes. */
export interface EngineCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; each engine has a default that is stated in its documentation. */
  readonly timeoutMs?: number | undefined;
}

/** A submission. The tag goes to the scheduler with the job, so that a lost answer can be looked up. */
export interface SubmitOptions extends EngineCallOptions {
  /** Letters, digits, `_` and `-` only. The same tag is never submitted twice while the scheduler knows it. */
  readonly tag: string;
}

export interface LogOptions extends EngineCallOptions {
  readonly stream?: "stdout" | "stderr" | undefined;
  /** From an earlier {@link LogChunk}; absent starts at the beginning. */
  readonly cursor?: string | undefined;
  /** Most bytes of one answer. Default 65 536. */
  readonly maxBytes?: number | undefined;
}

/** When a job could start, as the scheduler itself says. */
export interface StartEstimate {
  readonly startAt?: string | undefined;
  readonly basis: "scheduler" | "idle-capacity";
}

/** What a submission came to. */
export interface Submitted {
  readonly siteJobId: string;
  /** The scheduler command line, for people; secrets never occur in it. */
  readonly spec: string;
}

/**
 * The one client of a scheduler. Absent, unreachable, forbidden and empty are four different answers of
 * {@link Engine.workload}; the other calls throw {@link ParleyError} `E_ENGINE_*`.
 */
export interface Engine {
  /** `local`, `slurm`, `flux` ... also {@link Workload.manager}. */
  readonly manager: string;
  /** Whether jobs may name software to load before their command. Default `false`: such a job is refused. */
  readonly loadsSoftware?: boolean | undefined;
  /** Facts, or why there are none. Never throws. */
  workload(options?: EngineCallOptions): Promise<Workload>;
  /** @throws {@link ParleyError} `E_ENGINE_REFUSED` with the scheduler's own words */
  submit(spec: JobSpec, options: SubmitOptions): Promise<Submitted>;
  /** The job submitted under a tag, if the scheduler knows one. */
  find(tag: string, options?: EngineCallOptions): Promise<string | undefined>;
  /** @throws {@link ParleyError} `E_ENGINE_JOB_UNKNOWN`, `E_ENGINE_UNREACHABLE` */
  status(siteJobId: string, options?: EngineCallOptions): Promise<JobStatus>;
  logs(siteJobId: string, options?: LogOptions): Promise<LogChunk>;
  /** Asks for the end of a job; a job that has ended already is no error. */
  cancel(siteJobId: string, options?: EngineCallOptions): Promise<void>;
  /** The scheduler's dry run, where it has one. */
  estimate?(spec: JobSpec, options?: EngineCallOptions): Promise<StartEstimate | undefined>;
  /** Releases watchers and timers; running jobs go on. */
  close(): Promise<void>;
}
