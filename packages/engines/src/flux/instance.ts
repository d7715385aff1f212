import { systemClock } from "@parley/core";
import type { LogChunk } from "@parley/core";
import type { Run } from "@parley/exec";
import type { EngineCallOptions, LogOptions } from "../engine.ts";
import { createFluxClient } from "./client.ts";
import type { FluxEstimate } from "./estimate.ts";
import type { FluxEvent } from "./events.ts";
import * as jobs from "./instance-jobs.ts";
import * as site from "./instance-site.ts";
import * as submitting from "./instance-submit.ts";
import type { FluxJob } from "./job-record.ts";
import type { FluxJobspec } from "./jobspec.ts";
import type { FluxAbout, FluxNodeStatus, FluxResources } from "./site.ts";
import type { FluxVerdict } from "./validation.ts";

/** Options of {@link createFluxInstance}. */
export interface FluxInstanceOptions {
  readonly run: Run;
  /** The whole environment of the flux command, `PATH` included; `LC_ALL=C` is added. Without it `run` decides. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The instance, such as `local:///run/flux/local`. Default: the one of `environment`, else the system's. */
  readonly uri?: string | undefined;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds for all commands of one call together. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Path of `flux` where it is not on PATH. */
  readonly command?: string | undefined;
}

/**
 * Everything of one Flux instance that the {@link Engine} port has no word for. It keeps no state; job ids are F58
 * or decimal. Every call throws `E_ENGINE_*` or `E_INTERRUPTED`.
 */
export interface FluxInstance {
  /** Submits a jobspec as it stands, over standard input. Returns the job's id. */
  submit(jobspec: FluxJobspec, call?: submitting.SubmitJobspecOptions): Promise<string>;
  /** What `flux batch` makes of a script and its directives, not submitted. Needs no instance. */
  planBatch(request: submitting.BatchRequest, call?: EngineCallOptions): Promise<FluxJobspec>;
  /** Asks Flux's own validator; `feasibility` needs an instance, and says what it can never run. */
  validate(jobspec: FluxJobspec, call?: submitting.ValidateOptions): Promise<FluxVerdict>;
  /** Whether a jobspec would start now, later or never. */
  estimate(jobspec: FluxJobspec, call?: EngineCallOptions): Promise<FluxEstimate>;
  jobs(request?: jobs.ListJobsRequest): Promise<FluxJob[]>;
  job(jobId: string, call?: EngineCallOptions): Promise<FluxJob>;
  /** The jobspec as the instance completed it, or as it was submitted. */
  jobspec(jobId: string, call?: EngineCallOptions & { original?: boolean | undefined }): Promise<FluxJobspec>;
  /** What was allocated, in Flux's form R; `undefined` before there is anything. */
  allocation(jobId: string, call?: EngineCallOptions): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** The job's event log; `guest` is the one of its shell. */
  events(jobId: string, call?: EngineCallOptions & { guest?: boolean | undefined }): Promise<FluxEvent[]>;
  /** Waits for an event, at most `seconds`. `false` when it has not come by then. */
  waitForEvent(
    jobId: string,
    request: EngineCallOptions & { name: string; seconds: number },
  ): Promise<boolean>;
  /** What the job wrote to one stream or, in their order, to both. */
  output(
    jobId: string,
    call?: Omit<LogOptions, "stream"> & { stream?: "stdout" | "stderr" | "both" | undefined },
  ): Promise<LogChunk>;
  /** Asks for the end of a job; one that has ended is no error. Returns whether it was still there. */
  cancel(jobId: string, call?: EngineCallOptions & { message?: string | undefined }): Promise<boolean>;
  /** Sends a signal, such as `SIGUSR1`, to a running job's tasks. */
  kill(jobId: string, call: EngineCallOptions & { signalName: string }): Promise<void>;
  /** From 0, held, over 16, the default, to 31, first. */
  setUrgency(jobId: string, call: EngineCallOptions & { urgency: number }): Promise<void>;
  /** The address of a job that is a Flux instance and runs. */
  uriOf(jobId: string, call?: EngineCallOptions & { local?: boolean | undefined }): Promise<string>;
  queues(call?: EngineCallOptions): Promise<site.FluxQueue[]>;
  resources(call?: EngineCallOptions & { queue?: string | undefined }): Promise<FluxResources>;
  /** Nodes by state, those drained with the reason. */
  nodeStatus(call?: EngineCallOptions): Promise<FluxNodeStatus[]>;
  about(call?: EngineCallOptions): Promise<FluxAbout & { jobs: Readonly<Record<string, number>> }>;
  /** Runs one of the other commands of `flux`; for those that no method here speaks for. */
  command(args: readonly string[], call?: EngineCallOptions): ReturnType<Run>;
}

/** A client of one instance. Nothing runs until a method is called. */
export function createFluxInstance(options: FluxInstanceOptions): FluxInstance {
  const { run, environment, uri, command = "flux", timeoutMs = 10_000 } = options;
  const { now = () => systemClock.now() } = options;
  const client = createFluxClient({ run, environment, uri, command, timeoutMs, now });
  return {
    submit: (jobspec, call) => submitting.submitJobspec(client, jobspec, call),
    planBatch: (request, call) => submitting.planBatch(client, request, call),
    validate: (jobspec, call) => submitting.validateJobspec(client, jobspec, call),
    estimate: (jobspec, call) => site.readEstimate(client, jobspec, call),
    jobs: (request) => jobs.listJobs(client, request),
    job: (jobId, call) => jobs.readJob(client, jobId, call),
    jobspec: (jobId, call) => jobs.readJobspec(client, jobId, call),
    allocation: (jobId, call) => jobs.readAllocation(client, jobId, call),
    events: (jobId, call) => jobs.readEvents(client, jobId, call),
    waitForEvent: (jobId, request) => jobs.waitForEvent(client, jobId, request),
    output: (jobId, call) => jobs.readOutput(client, jobId, call),
    cancel: (jobId, call) => jobs.cancelJob(client, jobId, call),
    kill: (jobId, call) => jobs.killJob(client, jobId, call),
    setUrgency: (jobId, call) => jobs.setUrgency(client, jobId, call),
    uriOf: (jobId, call) => jobs.readUri(client, jobId, call),
    queues: (call) => site.readQueues(client, call),
    resources: (call) => site.readResources(client, call),
    nodeStatus: (call) => site.readNodeStatus(client, call),
    about: (call) => site.readAbout(client, call),
    command: (args, call) => client.run(args, client.deadline(call)),
  };
}
