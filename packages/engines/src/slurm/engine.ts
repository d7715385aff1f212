import { ParleyError, isTerminal, systemClock } from "@parley/core";
import type { JobSpec, LogChunk } from "@parley/core";
import type { Run } from "@parley/exec";
import type { Deadline } from "../_deadline.ts";
import { checkTag, createJobStore } from "../_job-store.ts";
import { readCursor, readPiece } from "../_tail.ts";
import { createTurns } from "../_turns.ts";
import type { Engine, LogOptions, StartEstimate } from "../engine.ts";
import { installBatchScript } from "./batch-script.ts";
import type { SlurmExtras } from "./extras.ts";
import { createSlurmClient, failureCode, slurmSays, toSlurmError } from "./client.ts";
import type { SlurmCommand } from "./client.ts";
import { findJob, tagOfJob } from "./lookup.ts";
import { checkJobId, slurmStatus } from "./status.ts";
import { prepare, refusal, submitOnce } from "./submit.ts";
import type { SlurmParts } from "./submit.ts";
import { parseSlurmTime } from "./walltime.ts";
import { slurmWorkload } from "./workload.ts";

/** Options of {@link createSlurmEngine}. */
export interface SlurmEngineOptions {
  readonly run: Run;
  /**
   * The whole environment of Slurm's commands, `PATH` and `SLURM_CONF` included; `LC_ALL=C` and `TZ=UTC` are
   * added. Without it `run` decides, and Slurm's times are read in this machine's zone.
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * Absolute; the jobs' scripts and output are kept here, so the compute nodes have to see it. One per cluster.
   */
  readonly stateDir: string;
  /**
   * Whether jobs start from the user's login environment on the node (`--export=NONE`, the default). `false`: they
   * get HOME, LANG, LOGNAME, PATH and USER of `environment`, for sites whose nodes cannot run a login shell.
   */
  readonly loginEnvironment?: boolean | undefined;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds for all commands of one call together. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Paths of Slurm's programs where they are not on PATH. */
  readonly commands?: Readonly<Partial<Record<SlurmCommand, string>>> | undefined;
}

async function readLogs(
  { client, store }: SlurmParts,
  siteJobId: string,
  options: LogOptions,
): Promise<LogChunk> {
  readCursor(options.cursor);
  const deadline = client.deadline(options);
  const status = await slurmStatus(client, store, { siteJobId, deadline });
  const tag = await tagOfJob(client, store, { siteJobId, deadline });
  if (tag === undefined) {
    throw new ParleyError(
      "E_ENGINE_JOB_UNKNOWN",
      `Job ${siteJobId} was not submitted by this engine: its output is not known.`,
    );
  }
  const ended = isTerminal(status.state);
  const files = store.files(tag);
  const path = options.stream === "stderr" ? files.stderr : files.stdout;
  const { cursor, maxBytes = 65_536 } = options;
  const piece = await readPiece(path, { cursor, maxBytes, ended });
  return { text: piece.text, cursor: piece.cursor, complete: ended && piece.atEnd, truncated: false };
}

async function cancelJob(
  { client, store }: SlurmParts,
  siteJobId: string,
  deadline: Deadline,
): Promise<void> {
  // scancel is silent about jobs nobody knows.
  const { state } = await slurmStatus(client, store, { siteJobId, deadline });
  if (isTerminal(state)) return;
  const result = await client.run("scancel", [siteJobId], deadline);
  if (result.ok || failureCode(result) === "E_ENGINE_JOB_UNKNOWN" || /already complet/i.test(result.stderr))
    return;
  throw toSlurmError(result, result.exitCode === 210 ? "E_ENGINE_FORBIDDEN" : "E_ENGINE_OUTPUT");
}

/** The scheduler's dry run. @throws ParleyError `E_ENGINE_REFUSED` */
export async function estimateStart(
  parts: SlurmParts,
  spec: JobSpec,
  { deadline, extras }: { readonly deadline: Deadline; readonly extras?: SlurmExtras | undefined },
): Promise<StartEstimate | undefined> {
  const { client, stateDir } = parts;
  const options = await prepare(parts, spec, { deadline, extras });
  const script = await installBatchScript(stateDir, spec);
  const result = await client.run("sbatch", ["--test-only", ...options, script], deadline);
  if (!result.ok) throw refusal(toSlurmError(result, "E_ENGINE_REFUSED"), slurmSays(result));
  const startAt = parseSlurmTime(/ to start at (\S+)/.exec(result.stderr)?.[1], client.utc);
  return startAt === undefined ? undefined : { startAt, basis: "scheduler" };
}

/**
 * Slurm through its commands; 22.05 to 26.05 were tried. A core is what Slurm schedules. Jobs never
 * see this process's environment and are not requeued.
 * @throws ParleyError `E_CONFIG_INVALID` when `stateDir` is not absolute
 */
export function createSlurmEngine(options: SlurmEngineOptions): Engine {
  return slurmEngine(slurmParts(options));
}

/** What the calls of one engine share. @throws ParleyError `E_CONFIG_INVALID` */
export function slurmParts(options: SlurmEngineOptions): SlurmParts {
  const {
    run,
    environment,
    commands,
    stateDir,
    timeoutMs = 10_000,
    loginEnvironment = true,
    now = () => systemClock.now(),
  } = options;
  const client = createSlurmClient({ run, environment, commands, loginEnvironment, timeoutMs, now });
  const store = createJobStore(stateDir);
  return { client, store, now, stateDir, loginEnvironment, inTurn: createTurns() };
}

/** The engine over parts that others use as well. */
export function slurmEngine(parts: SlurmParts): Engine {
  const { client, store, inTurn } = parts;
  return {
    manager: "slurm",
    loadsSoftware: true,
    workload: (call) => slurmWorkload(client, call),
    submit: async (spec, { tag, ...call }) => {
      checkTag(tag);
      return inTurn(tag, () => submitOnce(parts, spec, { tag, deadline: client.deadline(call) }));
    },
    find: async (tag, call) => {
      checkTag(tag);
      return findJob(client, store, { tag, deadline: client.deadline(call) });
    },
    status: (siteJobId, call) => slurmStatus(client, store, { siteJobId, deadline: client.deadline(call) }),
    logs: async (siteJobId, call = {}) => {
      checkJobId(siteJobId);
      return readLogs(parts, siteJobId, call);
    },
    cancel: (siteJobId, call) => cancelJob(parts, siteJobId, client.deadline(call)),
    estimate: (spec, call) => estimateStart(parts, spec, { deadline: client.deadline(call) }),
    close: () => Promise.resolve(),
  };
}
