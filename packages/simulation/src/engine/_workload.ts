import type { NodeGroup, Workload } from "@parley/core";
import { unitsPerNode, type ClusterModel } from "../model/cluster-model.ts";
import type { Usage } from "./_ledger.ts";

/** Nodes and cores that are idle. */
export function idleCapacity(model: ClusterModel, usage: Usage): { idleNodes: number; idleCores: number } {
  const perNode = unitsPerNode(model);
  return {
    idleNodes: Math.floor(usage.idleUnits / perNode),
    idleCores: (usage.idleUnits * model.node.cores) / perNode,
  };
}

/** The one group of nodes a simulated site has. */
function nodeGroup(model: ClusterModel, usage: Usage): NodeGroup {
  const { node } = model;
  const { gpus } = node;
  const share = usage.idleUnits / unitsPerNode(model);
  return {
    partitions: model.partitions.map(({ name }) => name),
    nodes: model.nodes,
    availableNodes: model.load.availableNodes,
    ...idleCapacity(model, usage),
    coresPerNode: node.cores,
    memoryBytesPerNode: node.memoryBytes,
    gpusPerNode: gpus?.count ?? 0,
    ...(gpus === undefined
      ? {}
      : {
          idleGpus: Math.floor(share * gpus.count),
          gpuModel: gpus.model,
          gpuVendor: gpus.vendor,
          gpuMemoryBytes: gpus.memoryBytes,
        }),
    arch: node.arch,
    features: [...node.flags],
  };
}

/** What the scheduler says about the site. */
export function workloadOf(model: ClusterModel, usage: Usage): Workload {
  return {
    manager: model.manager,
    status: "present",
    version: model.managerVersion,
    canSubmit: true,
    partitions: model.partitions.map((partition) => ({ ...partition })),
    nodeGroups: [nodeGroup(model, usage)],
    pendingJobs: usage.pendingJobs,
    runningJobs: usage.runningJobs,
  };
}
