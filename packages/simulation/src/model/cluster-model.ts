import type { Partition, Policy, Prices } from "@parley/core";
import type { Archetype } from "../archetype.ts";
import type { NodeType } from "../catalogue/processors.ts";
import type { SoftwareSource } from "../catalogue/packages.ts";

/** GPUs of one node. */
export interface NodeGpus {
  readonly vendor: "nvidia" | "amd";
  readonly model: string;
  readonly count: number;
  /** Of one GPU. */
  readonly memoryBytes: number;
}

/** The one kind of node a simulated site has. */
export interface NodeModel extends NodeType {
  readonly memoryBytes: number;
  readonly os: string;
  readonly gpus?: NodeGpus | undefined;
}

/** Work of others. It does not change with time: only jobs submitted here move. */
export interface LoadModel {
  /** Nodes that are up. */
  readonly availableNodes: number;
  /** Units in use by others; see {@link ClusterModel.sharing}. */
  readonly busyUnits: number;
  readonly runningJobs: number;
  readonly pendingJobs: number;
  /** Seconds; how fast nodes in use come free for a job that waits. */
  readonly meanRuntimeSeconds: number;
}

export interface FabricModel {
  readonly kind: "infiniband" | "omni-path" | "ethernet";
  readonly bitsPerSecond: number;
  readonly devices: readonly string[];
}

export interface StorageModel {
  readonly kind: "lustre" | "nfs" | "s3" | "local-scratch";
  readonly path: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** Server of a network file system, end point of an object store. */
  readonly host?: string | undefined;
}

export interface ContainerModel {
  readonly runtime: "singularity" | "podman" | "docker";
  readonly version: string;
  readonly rootless: boolean;
}

export interface MpiModel {
  readonly impl: "openmpi" | "mpich";
  readonly version: string;
}

/** Everything a simulated site is, drawn once from its worker id; every view of the site reads this. */
export interface ClusterModel {
  readonly workerId: string;
  readonly archetype: Archetype;
  /** Adjective, noun and suffix: `quiet-osprey-cluster`. */
  readonly name: string;
  readonly manager: "slurm" | "flux" | "kubernetes" | "local";
  readonly managerVersion: string;
  /** Whether jobs get whole nodes (unit: node) or share them (unit: core). */
  readonly sharing: "node" | "core";
  readonly nodes: number;
  readonly node: NodeModel;
  readonly load: LoadModel;
  readonly partitions: readonly Partition[];
  readonly namespaces: readonly string[];
  readonly fabric: FabricModel;
  readonly storage: readonly StorageModel[];
  readonly containers: readonly ContainerModel[];
  readonly mpi: readonly MpiModel[];
  readonly softwareSources: readonly SoftwareSource[];
  readonly prices: Prices;
  readonly policy: Policy;
}

/** How many units one node has. */
export function unitsPerNode(model: Pick<ClusterModel, "sharing" | "node">): number {
  return model.sharing === "node" ? 1 : model.node.cores;
}

/** How many units jobs can ever have. */
export function totalUnits(model: Pick<ClusterModel, "sharing" | "node" | "load">): number {
  return model.load.availableNodes * unitsPerNode(model);
}
