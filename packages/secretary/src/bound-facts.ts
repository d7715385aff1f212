import type { Facts } from "@parley/core";
import { clip } from "./words.ts";

/** Most items of each list of facts that leave a site. */
const most = {
  nodeGroups: 256,
  partitions: 128,
  found: 64,
  evidence: 128,
  probes: 128,
  cpuFlags: 512,
  other: 64,
};

/** Cuts facts to a size fit for a proposal, before they are judged: the verdict rests on what is sent. */
export function boundFacts(facts: Facts): Facts {
  return {
    ...facts,
    workloads: facts.workloads.slice(0, most.other).map((workload) => ({
      ...workload,
      ...(workload.reason === undefined ? {} : { reason: clip(workload.reason) }),
      partitions: workload.partitions.slice(0, most.partitions),
      nodeGroups: workload.nodeGroups.slice(0, most.nodeGroups),
    })),
    software: facts.software.slice(0, most.other).map((inventory) => ({
      ...inventory,
      asked: inventory.asked.slice(0, most.found),
      found: inventory.found.slice(0, most.found),
    })),
    mpi: facts.mpi.slice(0, most.other),
    containers: facts.containers.slice(0, most.other),
    fabrics: facts.fabrics.slice(0, most.other),
    storage: facts.storage.slice(0, most.other),
    hardware: facts.hardware
      .slice(0, most.other)
      .map((item) => ({ ...item, cpuFlags: item.cpuFlags.slice(0, most.cpuFlags) })),
    probes: facts.probes.slice(0, most.probes),
    evidence: facts.evidence.slice(0, most.evidence).map((item) => ({
      ...item,
      ...(item.summary === undefined ? {} : { summary: clip(item.summary) }),
    })),
  };
}
