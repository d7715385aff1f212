import { ParleyError, isTerminal, isoTime } from "@parley/core";
import type { JobStatus } from "@parley/core";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import type { Engine, EngineCallOptions, StartEstimate } from "../engine.ts";
import { resolveProgram } from "./_allow-list.ts";
import { heed } from "./_context.ts";
import type { Context } from "./_context.ts";
import { demandOf } from "./_demand.ts";
import type { Capacity } from "./_demand.ts";
import { processIdentity } from "./_files.js";
import { createJobIndex } from "./_job-index.ts";
import { launchRunner } from "./launch.ts";
import type { LaunchRunner } from "./launch.ts";
import { createLock } from "./_lock.ts";
import { readOutput } from "./_output.ts";
import type { JobRecord } from "./_record.ts";
import { createScheduler } from "./_scheduler.ts";
import { readStatus } from "./_status.ts";
import { createStore, idOfTag } from "./_store.ts";
import type { Store } from "./_store.ts";
import { submitJob } from "./_submit.ts";
import { readWorkload } from "./_workload.ts";

/** Options of {@link createLocalEngine}. */
export interface LocalEngineOptions {
  /** Where jobs and their outputs are kept; a directory on this machine's own disk. */
  readonly stateDir: string;
  /** Programs that may run: names on PATH or absolute paths. Empty turns the engine off. */
  readonly allow: readonly string[];
  /** Cores jobs may take together. Default: what the system offers this process. */
  readonly cores?: number | undefined;
  /** Default: the machine's memory. Jobs are placed by what they ask for; use is not enforced. */
  readonly memoryBytes?: number | undefined;
  /** Variables every job gets, and the PATH programs are found on. Default: PATH, HOME and LANG of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds between two looks at jobs started by an earlier process. Default 1000. */
  readonly pollMs?: number | undefined;
  /** For jobs that name no walltime. Default 3600. */
  readonly defaultWalltimeSeconds?: number | undefined;
  /** Most jobs queued and running; more are refused. Default 1000. */
  readonly maxJobs?: number | undefined;
  /** Ended jobs that are remembered; the oldest are deleted with their output. Default 1000. */
  readonly retainJobs?: number | undefined;
  /** Bytes kept of each of stdout and stderr. Default 64 MiB. */
  readonly maxOutputBytes?: number | undefined;
  /** Starts the process that runs the job in a folder. Default: Node with this package's runner. */
  readonly launch?: LaunchRunner | undefined;
}

/**
 * This machine as a site that runs jobs, in the order they were submitted, as far as its cores go. Each job runs
 * under a process of its own: it outlives this one, and a later engine on the same `stateDir` sees it through.
 * All calls answer from files at once; `timeoutMs` is not used.
 */
export function createLocalEngine(options: LocalEngineOptions): Engine {
  const context = createContext(options);
  const { store, index, scheduler, now, allow, capacity } = context;

  const known = async (id: string, call: EngineCallOptions): Promise<JobStatus> => {
    heed(call.signal);
    const status = await readStatus(store, id, now);
    if (status !== undefined) return status;
    throw new ParleyError(
      "E_ENGINE_JOB_UNKNOWN",
      `This machine has no job ${JSON.stringify(id.slice(0, 100))}.`,
    );
  };

  return {
    manager: "local",
    workload: () => readWorkload(context),
    submit: (spec, call) => submitJob(context, spec, call),
    find: async (tag, call = {}) => {
      heed(call.signal);
      const id = idOfTag(tag);
      return (await store.job(id)) === undefined ? undefined : id;
    },
    status: (id, call = {}) => known(id, call),
    logs: async (id, call = {}) => {
      const status = await known(id, call);
      const { stream = "stdout", cursor, maxBytes = 65_536 } = call;
      return readOutput(join(store.folder(id), stream === "stderr" ? "stderr" : "stdout"), {
        cursor,
        maxBytes,
        ended: isTerminal(status.state),
      });
    },
    cancel: async (id, call = {}) => {
      if (isTerminal((await known(id, call)).state)) return;
      const at = isoTime(now());
      store.askCancel(id, at);
      if (!store.settleBegin(id, { action: "cancel", at })) await stopRunner(store, id);
      await index.update(id);
      scheduler.wake();
    },
    estimate: async (spec, call = {}): Promise<StartEstimate | undefined> => {
      heed(call.signal);
      await index.refresh();
      const { queued, idleCores, idleMemoryBytes } = index.load();
      if (allow.length === 0 || queued > 0) return undefined;
      try {
        const need = demandOf(spec, capacity);
        if (need.cores > idleCores || need.memoryBytes > idleMemoryBytes) return undefined;
      } catch {
        return undefined;
      }
      return { startAt: isoTime(now()), basis: "idle-capacity" };
    },
    close: () => scheduler.close(),
  };
}

function createContext(options: LocalEngineOptions): Context {
  const { allow, pollMs = 1000, retainJobs = 1000, now = () => Date.now(), launch = launchRunner } = options;
  const stateDir = resolve(options.stateDir);
  const environment = options.environment ?? plainEnvironment();
  const capacity: Capacity = {
    cores: options.cores ?? availableParallelism(),
    memoryBytes: options.memoryBytes ?? totalmem(),
  };
  const store = createStore(stateDir);
  const objection = async (job: JobRecord): Promise<string | undefined> => {
    try {
      await resolveProgram(job.program, allow, environment["PATH"] ?? "");
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : "its program is no longer allowed";
    }
  };
  const index = createJobIndex({ store, capacity, now });
  const lock = createLock(stateDir);
  const scheduler = createScheduler({ store, index, lock, pollMs, retainJobs, now, launch, objection });
  return {
    allow,
    capacity,
    environment,
    now,
    defaultWalltimeSeconds: options.defaultWalltimeSeconds ?? 3600,
    maxJobs: options.maxJobs ?? 1000,
    maxOutputBytes: options.maxOutputBytes ?? 64 * 2 ** 20,
    store,
    index,
    scheduler,
  };
}

function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "HOME", "LANG"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function stopRunner(store: Store, id: string): Promise<void> {
  const begin = await store.begin(id);
  if (begin?.action !== "start" || processIdentity(begin.pid) !== begin.identity) return;
  try {
    process.kill(begin.pid, "SIGTERM");
  } catch {
    // It ended in between; its result is on disk.
  }
}
