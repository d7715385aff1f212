import { randomUUID } from "node:crypto";
import { ParleyError } from "@parley/core";
import type { JobSpec, Partition } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { checkTag } from "../_job-store.ts";
import type { Engine, EngineCallOptions, StartEstimate, SubmitOptions, Submitted } from "../engine.ts";
import type { AccountedJob, AccountingFilter } from "./accounting.ts";
import { readAccounting } from "./accounting.ts";
import { failureCode, toSlurmError } from "./client.ts";
import type { SlurmEngineOptions } from "./engine.ts";
import { estimateStart, slurmEngine, slurmParts } from "./engine.ts";
import type { SlurmExtras } from "./extras.ts";
import type { SlurmJobDetails } from "./job-details.ts";
import { readJobDetails } from "./job-details.ts";
import { checkAnyJobId } from "./mark.ts";
import type { SlurmNodeDetails } from "./node-details.ts";
import { readNodeDetails } from "./node-details.ts";
import { parsePartitions } from "./partitions.ts";
import type { QueueFilter, SlurmJob } from "./queue.ts";
import { readQueue } from "./queue.ts";
import type { SlurmScript } from "./script.ts";
import { estimateScript, submitScript } from "./script.ts";
import type { SlurmParts } from "./submit.ts";
import { submitOnce } from "./submit.ts";
import { requireController } from "./workload.ts";

/** Options of {@link createSlurm}. */
export interface SlurmOptions extends SlurmEngineOptions {
  /** Makes text that no job's owner can guess, to tell rows from job names. Default a random UUID. */
  readonly mark?: (() => string) | undefined;
}

/** What Slurm can do beyond the port every scheduler shares. All calls throw ParleyError `E_ENGINE_*`. */
export interface Slurm {
  /** The same cluster through the port. */
  readonly engine: Engine;
  queue(filter?: QueueFilter, options?: EngineCallOptions): Promise<SlurmJob[]>;
  /** A job, or the tasks of an array; empty when the controller has forgotten it or never knew it. */
  job(jobId: string, options?: EngineCallOptions): Promise<SlurmJobDetails[]>;
  nodes(options?: EngineCallOptions): Promise<SlurmNodeDetails[]>;
  partitions(options?: EngineCallOptions): Promise<Partition[]>;
  /** `undefined` at a site that keeps no accounts. */
  accounting(filter?: AccountingFilter, options?: EngineCallOptions): Promise<AccountedJob[] | undefined>;
  submit(spec: JobSpec, options: SubmitOptions & { readonly extras?: SlurmExtras }): Promise<Submitted>;
  submitScript(spec: SlurmScript, options: SubmitOptions): Promise<Submitted>;
  estimate(
    spec: JobSpec,
    options?: EngineCallOptions & { readonly extras?: SlurmExtras },
  ): Promise<StartEstimate | undefined>;
  estimateScript(spec: SlurmScript, options?: EngineCallOptions): Promise<StartEstimate | undefined>;
  /** Asks for the end of a job, or of a task of an array; one that has ended already is no error. */
  cancel(jobId: string, options?: EngineCallOptions): Promise<void>;
  /** Keeps a waiting job from starting. */
  hold(jobId: string, options?: EngineCallOptions): Promise<void>;
  release(jobId: string, options?: EngineCallOptions): Promise<void>;
}

/** The whole of one Slurm cluster. @throws ParleyError `E_CONFIG_INVALID` when `stateDir` is not absolute */
export function createSlurm(options: SlurmOptions): Slurm {
  const parts = slurmParts(options);
  const { client, inTurn } = parts;
  const { mark = randomUUID } = options;
  const marked = (call?: EngineCallOptions): { mark: string; deadline: Deadline } => ({
    mark: mark(),
    deadline: client.deadline(call),
  });
  return {
    engine: slurmEngine(parts),
    queue: (filter = {}, call) => readQueue(client, filter, marked(call)),
    job: (jobId, call) => readJobDetails(client, jobId, marked(call)),
    nodes: (call) => readNodeDetails(client, client.deadline(call)),
    partitions: (call) => readPartitions(parts, client.deadline(call)),
    accounting: (filter = {}, call) => readAccounting(client, filter, marked(call)),
    submit: async (spec, { tag, extras, ...call }) => {
      checkTag(tag);
      return inTurn(tag, () => submitOnce(parts, spec, { tag, extras, deadline: client.deadline(call) }));
    },
    submitScript: async (spec, { tag, ...call }) => {
      checkTag(tag);
      return inTurn(tag, () => submitScript(parts, spec, { tag, deadline: client.deadline(call) }));
    },
    estimate: (spec, call) =>
      estimateStart(parts, spec, { deadline: client.deadline(call), extras: call?.extras }),
    estimateScript: (spec, call) => estimateScript(parts, spec, client.deadline(call)),
    cancel: (jobId, call) => cancelAny(parts, jobId, marked(call)),
    hold: (jobId, call) => control(parts, "hold", { jobId, deadline: client.deadline(call) }),
    release: (jobId, call) => control(parts, "release", { jobId, deadline: client.deadline(call) }),
  };
}

async function readPartitions({ client }: SlurmParts, deadline: Deadline): Promise<Partition[]> {
  await requireController(client, deadline);
  return parsePartitions(await client.read("scontrol", ["-o", "show", "partition"], deadline));
}

/** `scancel` is silent about jobs nobody knows, so the controller is asked first. */
async function cancelAny(
  parts: SlurmParts,
  jobId: string,
  call: { readonly mark: string; readonly deadline: Deadline },
): Promise<void> {
  const { client } = parts;
  checkAnyJobId(jobId);
  const jobs = await readQueue(client, { jobId, states: "all" }, call);
  // A job the controller has forgotten is one for the port: it knows what it submitted.
  if (jobs.length === 0) {
    await slurmEngine(parts).cancel(jobId, { timeoutMs: 5000, signal: call.deadline.signal });
    return;
  }
  const result = await client.run("scancel", [jobId], call.deadline);
  if (result.ok || /already complet/i.test(result.stderr)) return;
  throw toSlurmError(result, result.exitCode === 210 ? "E_ENGINE_FORBIDDEN" : "E_ENGINE_OUTPUT");
}

async function control(
  { client }: SlurmParts,
  verb: "hold" | "release",
  { jobId, deadline }: { readonly jobId: string; readonly deadline: Deadline },
): Promise<void> {
  checkAnyJobId(jobId);
  await requireController(client, deadline);
  const result = await client.run("scontrol", [verb, jobId], deadline);
  if (result.ok) return;
  const error = toSlurmError(result, "E_ENGINE_REFUSED");
  if (failureCode(result) !== undefined) throw error;
  throw new ParleyError(
    "E_ENGINE_REFUSED",
    `Slurm did not ${verb} job ${jobId}: ${result.stderr.trim().slice(0, 300) || "no reason given"}. Only jobs that wait can be held or released.`,
    { details: error.details },
  );
}
