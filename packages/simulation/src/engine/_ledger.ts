import { ParleyError, type Clock, type JobSpec } from "@parley/core";
import { z } from "zod";
import { totalUnits, type ClusterModel } from "../model/cluster-model.ts";
import { peakUnits } from "./_placement.ts";
import { cancelJob, makeRoom, planJob } from "./_plan.ts";
import { occupations, stateAt } from "./_state.ts";
import { SimulatedJob, type JobStore } from "./job-store.ts";

/** How a simulated engine treats time and jobs. */
export interface LedgerOptions {
  readonly clock: Clock;
  readonly timeScale: number;
  readonly maxJobs: number;
  readonly store?: JobStore | undefined;
}

/** What is in use at one moment. */
export interface Usage {
  /** Nodes or cores, see {@link ClusterModel.sharing}. */
  readonly idleUnits: number;
  readonly runningJobs: number;
  readonly pendingJobs: number;
}

/** The jobs of one simulated site. */
export interface Ledger {
  /** Reads the store; the first call does it for all. */
  ready(): Promise<void>;
  byTag(tag: string): SimulatedJob | undefined;
  byId(siteJobId: string): SimulatedJob | undefined;
  /** Places a job without keeping it. */
  plan(spec: JobSpec, tag: string): SimulatedJob;
  /** Keeps a job at once; resolves when it is stored. */
  add(job: SimulatedJob): Promise<void>;
  cancel(siteJobId: string): Promise<void>;
  usage(): Usage;
}

const StoredJobs = z.array(SimulatedJob);

async function loadJobs(model: ClusterModel, store: JobStore | undefined): Promise<readonly SimulatedJob[]> {
  const parsed = StoredJobs.safeParse((await store?.load()) ?? []);
  if (parsed.success) return parsed.data;
  const what = `The stored jobs of simulated site ${model.workerId} cannot be read; remove them to start empty.`;
  throw new ParleyError("E_DATABASE_CORRUPT", what, { cause: parsed.error });
}

export function createLedger(model: ClusterModel, options: LedgerOptions): Ledger {
  const { clock, store, maxJobs } = options;
  const world = { model, secondMs: 1000 / options.timeScale };
  let jobs: readonly SimulatedJob[] = [];
  let loading: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const load = async (): Promise<void> => {
    try {
      jobs = await loadJobs(model, store);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  const save = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(() => store?.save(jobs));
    return writing;
  };
  return {
    ready: () => (loading ??= load()),
    byTag: (tag) => jobs.find((job) => job.tag === tag),
    byId: (siteJobId) => jobs.find((job) => job.siteJobId === siteJobId),
    plan: (spec, tag) => planJob(world, jobs, { spec, tag, nowMs: clock.now() }),
    add: async (job) => {
      const kept = makeRoom(jobs, maxJobs, clock.now());
      if (kept.length >= maxJobs) {
        const what = `Simulated site ${model.name} holds ${maxJobs} unfinished jobs; wait for one to end.`;
        throw new ParleyError("E_ENGINE_REFUSED", what);
      }
      jobs = [...kept, job];
      await save();
    },
    cancel: async (siteJobId) => {
      const next = cancelJob(world, jobs, { siteJobId, nowMs: clock.now() });
      if (next === jobs) return;
      jobs = next;
      await save();
    },
    usage: () => usageAt(model, jobs, clock.now()),
  };
}

function usageAt(model: ClusterModel, jobs: readonly SimulatedJob[], nowMs: number): Usage {
  const total = totalUnits(model);
  const own = peakUnits(occupations(jobs), nowMs, nowMs + 1);
  const others = Math.min(model.load.busyUnits, total - own);
  const count = (state: string): number => jobs.filter((job) => stateAt(job, nowMs) === state).length;
  return {
    idleUnits: total - own - others,
    runningJobs: model.load.runningJobs + count("ACTIVE"),
    pendingJobs: model.load.pendingJobs + count("QUEUED"),
  };
}
