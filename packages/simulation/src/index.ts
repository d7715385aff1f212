/** Simulated sites: drawn from a worker id, the same everywhere, with jobs that advance on a clock. */

export { createSimulatedSite } from "./simulated-site.ts";
export type { SimulatedSite, SimulatedSiteOptions } from "./simulated-site.ts";
export { exportTruth } from "./export-truth.ts";
export type { TruthError, TruthExport } from "./export-truth.ts";

export { archetypes, chooseArchetype, isArchetype } from "./archetype.ts";
export type { Archetype } from "./archetype.ts";

export { createSimulatedEngine } from "./engine/simulated-engine.ts";
export type { SimulatedEngine, SimulatedEngineOptions } from "./engine/simulated-engine.ts";
export { SimulatedJob } from "./engine/job-store.ts";
export type { JobStore } from "./engine/job-store.ts";

export { drawCluster } from "./model/draw-cluster.ts";
export type {
  ClusterModel,
  ContainerModel,
  FabricModel,
  LoadModel,
  MpiModel,
  NodeGpus,
  NodeModel,
  StorageModel,
} from "./model/cluster-model.ts";
export { drawSoftware } from "./model/software.ts";
export type { Installation } from "./model/software.ts";
export { archetypeRanges } from "./model/ranges.ts";
export type { ArchetypeRanges, Interval } from "./model/ranges.ts";
export type { SoftwareSource } from "./catalogue/packages.ts";
export type { NodeType } from "./catalogue/processors.ts";
