import { ParleyError, systemClock, workerIdPattern, type Clock } from "@parley/core";
import { assembleSite, type Provider, type Site } from "@parley/providers";
import { chooseArchetype, type Archetype } from "./archetype.ts";
import { createSimulatedEngine, type SimulatedEngine } from "./engine/simulated-engine.ts";
import type { JobStore } from "./engine/job-store.ts";
import type { ClusterModel } from "./model/cluster-model.ts";
import { drawCluster } from "./model/draw-cluster.ts";
import { containerFacility } from "./providers/container.ts";
import { createFacilityProvider, type Facility } from "./providers/_facility.ts";
import { cpuFacility, gpuFacility, loadShare, memoryFacility } from "./providers/hardware.ts";
import { fabricFacility } from "./providers/network.ts";
import { mpiFacility } from "./providers/parallel.ts";
import { softwareFacility } from "./providers/software.ts";
import { storageFacility } from "./providers/storage.ts";
import { simulatedWorkloadProvider } from "./providers/workload.ts";

export interface SimulatedSiteOptions {
  /** The site is drawn from it. */
  readonly workerId: string;
  /** Default {@link chooseArchetype}. */
  readonly archetype?: Archetype | undefined;
  /** Default the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Simulated seconds per second of the clock. Default 1. */
  readonly timeScale?: number | undefined;
  /** Jobs kept. Default 1000. */
  readonly maxJobs?: number | undefined;
  /** Keeps jobs over a restart; without it they live in memory. */
  readonly store?: JobStore | undefined;
}

/** A {@link Site} and what it was drawn as. */
export interface SimulatedSite extends Site {
  readonly archetype: Archetype;
  readonly model: ClusterModel;
}

function facilities(model: ClusterModel, engine: SimulatedEngine): Facility[] {
  const load = (): number => loadShare(model, engine.usage().idleUnits);
  const { gpus } = model.node;
  return [
    ...model.softwareSources.map((source) => softwareFacility(model, source)),
    ...model.containers.map((container) => containerFacility(container)),
    ...model.storage.map((store) => storageFacility(store)),
    fabricFacility(model.fabric),
    ...model.mpi.map((mpi) => mpiFacility(mpi, model.fabric)),
    cpuFacility(model, load),
    memoryFacility(model, load),
    ...(gpus === undefined ? [] : [gpuFacility(gpus, load)]),
  ];
}

/**
 * Makes a site that exists only as numbers drawn from its worker id: the same on every machine and in every process.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable worker id, `timeScale` or `maxJobs`;
 * `E_DATABASE_CORRUPT` when stored jobs cannot be read
 */
export async function createSimulatedSite(options: SimulatedSiteOptions): Promise<SimulatedSite> {
  const { workerId, clock = systemClock, timeScale, maxJobs, store } = options;
  if (!workerIdPattern.test(workerId)) {
    const what = "A worker id is 1 to 63 letters, digits, dots, dashes or underscores.";
    throw new ParleyError("E_ARGUMENT_INVALID", what);
  }
  const archetype = options.archetype ?? chooseArchetype(workerId);
  const model = drawCluster(workerId, archetype);
  const engine = createSimulatedEngine({ model, clock, timeScale, maxJobs, store });
  await engine.ready();
  const providers: Provider[] = [
    simulatedWorkloadProvider(model, engine, clock),
    ...facilities(model, engine).map((facility) => createFacilityProvider(facility, clock)),
  ];
  const { prices, policy } = model;
  const now = (): number => clock.now();
  const site = assembleSite({ workerId, providers, engines: [engine], prices, policy, archetype, now });
  return Object.assign(site, { archetype, model });
}
