import { isoTime, JobSpec, ParleyError, systemClock, toParleyError, type Clock } from "@parley/core";
import type { Engine, EngineCallOptions } from "@parley/engines";
import type { ClusterModel } from "../model/cluster-model.ts";
import { readDemand } from "./_demand.ts";
import { createLedger, type Ledger } from "./_ledger.ts";
import { errorsUntil, logChunk, outputUntil } from "./_log.ts";
import { effectiveEndMs, statusAt } from "./_state.ts";
import { commandLine } from "./_words.ts";
import { workloadOf } from "./_workload.ts";
import type { JobStore, SimulatedJob } from "./job-store.ts";

export interface SimulatedEngineOptions {
  readonly model: ClusterModel;
  /** Default the machine's clock. Jobs advance with it; there are no timers. */
  readonly clock?: Clock | undefined;
  /** Simulated seconds per second of the clock. Default 1. */
  readonly timeScale?: number | undefined;
  /** Jobs kept; the oldest ended ones are forgotten first. Default 1000. */
  readonly maxJobs?: number | undefined;
  /** Keeps jobs over a restart; without it they live in memory. */
  readonly store?: JobStore | undefined;
}

/** An {@link Engine} and what only a simulation can show. */
export interface SimulatedEngine extends Engine {
  /** Reads stored jobs; every other call does it too. @throws {@link ParleyError} `E_DATABASE_CORRUPT` */
  ready(): Promise<void>;
  /** Present usage, at once; stored jobs count only once they are read. */
  usage(): { readonly idleUnits: number; readonly runningJobs: number; readonly pendingJobs: number };
}

const tagPattern = /^[A-Za-z0-9_-]{1,256}$/;

function checkTag(tag: string): void {
  if (tagPattern.test(tag)) return;
  throw new ParleyError("E_ARGUMENT_INVALID", "A tag is 1 to 256 letters, digits, underscores and dashes.");
}

function readSpec(spec: JobSpec): JobSpec {
  const parsed = JobSpec.safeParse(spec);
  if (parsed.success) return parsed.data;
  throw new ParleyError("E_ARGUMENT_INVALID", `The job cannot be read: ${parsed.error.message}`, {
    cause: parsed.error,
  });
}

function find(ledger: Ledger, model: ClusterModel, siteJobId: string): SimulatedJob {
  const job = ledger.byId(siteJobId);
  if (job !== undefined) return job;
  const shown = JSON.stringify(siteJobId.slice(0, 80));
  throw new ParleyError("E_ENGINE_JOB_UNKNOWN", `Simulated site ${model.name} has no job ${shown}.`);
}

/**
 * A scheduler that runs nothing: what a job does is settled when it is submitted and revealed by the clock, see
 * the README for the commands that fail or end early. Answers at once; `timeoutMs` bounds nothing here.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for a `timeScale` or `maxJobs` that is not positive
 */
export function createSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const { model, clock = systemClock, timeScale = 1, maxJobs = 1000, store } = options;
  if (!(timeScale > 0 && Number.isFinite(timeScale)) || !(maxJobs >= 1)) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "timeScale and maxJobs of a simulated engine must be positive.",
    );
  }
  const ledger = createLedger(model, { clock, timeScale, maxJobs, store });
  const loads = model.manager !== "local";
  const submitting = new Map<string, Promise<void>>();
  const enter = async (call?: EngineCallOptions): Promise<void> => {
    checkAbort(call);
    await ledger.ready();
    checkAbort(call);
  };
  const lineOf = ({ spec }: SimulatedJob): string =>
    commandLine(model.manager, spec, readDemand(model, spec).walltimeSeconds);

  return {
    manager: model.manager,
    loadsSoftware: loads,
    ready: () => ledger.ready(),
    usage: () => ledger.usage(),
    workload: async (call) => {
      try {
        await enter(call);
        return workloadOf(model, ledger.usage());
      } catch (error) {
        const reason = toParleyError(error).message;
        return {
          manager: model.manager,
          status: "failed",
          reason,
          canSubmit: false,
          partitions: [],
          nodeGroups: [],
        };
      }
    },
    submit: async (spec, call) => {
      checkTag(call.tag);
      const wanted = readSpec(spec);
      if (!loads && wanted.load.length > 0) {
        throw new ParleyError(
          "E_ENGINE_REFUSED",
          `Simulated ${model.manager} on ${model.name} loads no modules: name a program on PATH.`,
        );
      }
      await enter(call);
      const known = ledger.byTag(call.tag);
      const job = known ?? ledger.plan(wanted, call.tag);
      if (known === undefined) submitting.set(call.tag, ledger.add(job));
      try {
        await submitting.get(call.tag);
      } catch (error) {
        throw toParleyError(error, "E_ENGINE_UNREACHABLE");
      } finally {
        submitting.delete(call.tag);
      }
      return { siteJobId: job.siteJobId, spec: lineOf(job) };
    },
    find: async (tag, call) => {
      await enter(call);
      return ledger.byTag(tag)?.siteJobId;
    },
    status: async (siteJobId, call) => {
      await enter(call);
      return statusAt(model, find(ledger, model, siteJobId), clock.now());
    },
    logs: async (siteJobId, call = {}) => {
      await enter(call);
      const job = find(ledger, model, siteJobId);
      const nowMs = clock.now();
      const text = call.stream === "stderr" ? errorsUntil(model, job, nowMs) : outputUntil(model, job, nowMs);
      const { cursor, maxBytes } = call;
      return logChunk(text, { cursor, maxBytes, ended: nowMs >= effectiveEndMs(job) });
    },
    cancel: async (siteJobId, call) => {
      await enter(call);
      find(ledger, model, siteJobId);
      await ledger.cancel(siteJobId);
    },
    estimate: async (spec, call) => {
      await enter(call);
      const job = ledger.plan(readSpec(spec), "estimate");
      const waits = job.startAtMs - clock.now() > 10_000 / timeScale;
      return { startAt: isoTime(job.startAtMs), basis: waits ? "scheduler" : "idle-capacity" };
    },
    close: async () => undefined,
  };
}

function checkAbort(call: EngineCallOptions | undefined): void {
  if (call?.signal?.aborted) throw new ParleyError("E_INTERRUPTED", "Interrupted.");
}
