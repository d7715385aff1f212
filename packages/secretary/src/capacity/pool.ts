import type { NodeGroup, Partition, Workload } from "@parley/core";
import { matchNode } from "./match.ts";
import type { CapacityNeed } from "./need.ts";

/** Nodes that one job can be spread over: one partition of one workload manager. */
export interface Pool {
  readonly workload: Workload;
  /** Absent where the manager has no partitions. */
  readonly partition?: Partition | undefined;
  readonly groups: readonly NodeGroup[];
}

/** The pools of a workload, default partition first. Nodes of different partitions never serve one job together. */
export function poolsOf(workload: Workload): readonly Pool[] {
  if (workload.partitions.length === 0) return [{ workload, groups: workload.nodeGroups }];
  const groupsOf = sharedGroups(workload.nodeGroups);
  return workload.partitions
    .toSorted((left, right) => Number(right.isDefault) - Number(left.isDefault))
    .map((partition) => ({ workload, partition, groups: groupsOf(partition.name) }));
}

/** The groups of a partition; one array for all partitions with the same nodes, which are judged once. */
function sharedGroups(all: readonly NodeGroup[]): (partition: string) => readonly NodeGroup[] {
  const known = new Map<string, readonly NodeGroup[]>();
  return (partition) => {
    const members = all.map(({ partitions }) => partitions.length === 0 || partitions.includes(partition));
    const key = members.join();
    const groups = known.get(key) ?? all.filter((_group, index) => members[index]);
    known.set(key, groups);
    return groups;
  };
}

/** Which count of a group is meant: all nodes, those that are up, those with nothing running. */
export type NodeCount = "nodes" | "availableNodes" | "idleNodes";

/** How many nodes the job takes of these groups, fewest first. */
export interface Fit {
  readonly fits: boolean;
  /** Nodes the job would take; the least it asks for when it does not fit. */
  readonly nodes: number;
  /** Nodes that match. */
  readonly matching: number;
}

/** Whether the job fits on the nodes a count speaks of. */
export function fit(need: CapacityNeed, groups: readonly NodeGroup[], counted: NodeCount): Fit {
  const matching = groups.reduce((total, group) => total + group[counted], 0);
  const nodes = Math.max(
    need.minNodes,
    nodesFor(need.cores, groups, (group) => [group[counted], group.coresPerNode]),
    nodesFor(need.gpus, groups, (group) => [group[counted], group.gpusPerNode]),
    nodesFor(need.memoryBytes, groups, (group) => [
      group[counted],
      group.memoryBytesPerNode ?? Number.MAX_SAFE_INTEGER,
    ]),
  );
  const fits = nodes <= Math.min(matching, need.maxNodes ?? Infinity);
  return { fits, nodes: Number.isFinite(nodes) ? nodes : need.minNodes, matching };
}

/** Fewest nodes whose capacities sum to the amount: the largest first. */
function nodesFor(
  amount: number | undefined,
  groups: readonly NodeGroup[],
  read: (group: NodeGroup) => readonly [nodes: number, each: number],
): number {
  let rest = amount ?? 0;
  let taken = 0;
  for (const [nodes, each] of groups.map(read).toSorted((left, right) => right[1] - left[1])) {
    if (rest <= 0 || each <= 0) break;
    const used = Math.min(nodes, Math.ceil(rest / each));
    rest -= used * each;
    taken += used;
  }
  return rest > 0 ? Infinity : taken;
}

/** Groups that match for certain, and those that match as far as anyone knows. */
export function matchingGroups(
  need: CapacityNeed,
  groups: readonly NodeGroup[],
): { readonly certain: readonly NodeGroup[]; readonly possible: readonly NodeGroup[] } {
  const judged = groups.map((group) => ({ group, outcome: matchNode(group, need) }));
  return {
    certain: judged.filter(({ outcome }) => outcome === "met").map(({ group }) => group),
    possible: judged.filter(({ outcome }) => outcome !== "unmet").map(({ group }) => group),
  };
}

/**
 * Whether the job could start now. Whole nodes must be idle; a job that shares its node needs that many idle cores
 * and GPUs, on average per node where it must not be spread.
 */
export function fitsIdle(need: CapacityNeed, groups: readonly NodeGroup[]): boolean {
  if (need.allAvailable) return groups.some((group) => group.idleNodes > 0);
  if (fit(need, groups, "idleNodes").fits) return true;
  if (need.wholeNodes || need.minNodes > 1) return false;
  const single = need.maxNodes === 1 || need.coresPerNode !== undefined || need.memoryBytes !== undefined;
  const roomy = groups.filter((group) => (need.memoryBytes ?? 0) <= (group.memoryBytesPerNode ?? Infinity));
  const candidates = single ? roomy.map((group) => [group]) : [groups];
  return candidates.some((some) => sharedIdle(need, some, single));
}

function sharedIdle(need: CapacityNeed, groups: readonly NodeGroup[], perNode: boolean): boolean {
  const divisor = perNode
    ? Math.max(
        1,
        total(groups, (group) => group.availableNodes),
      )
    : 1;
  const idleCores = total(groups, (group) => group.idleCores) / divisor;
  const cores = Math.max(need.cores ?? 1, need.coresPerNode ?? 1);
  if (idleCores < cores) return false;
  if (need.gpusPerNode === undefined) return true;
  const idleGpus = total(groups, (group) => group.idleGpus ?? group.idleNodes * group.gpusPerNode);
  const nodes = Math.max(
    1,
    total(groups, (group) => group.availableNodes),
  );
  return idleGpus >= (need.gpus ?? 0) && idleGpus / nodes >= need.gpusPerNode;
}

function total(groups: readonly NodeGroup[], read: (group: NodeGroup) => number): number {
  return groups.reduce((sum, group) => sum + read(group), 0);
}
