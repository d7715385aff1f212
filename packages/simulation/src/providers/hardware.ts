import { bytesPerGib, formatBytes, type Hardware } from "@parley/core";
import { z } from "zod";
import type { ClusterModel, NodeGpus } from "../model/cluster-model.ts";
import { totalUnits } from "../model/cluster-model.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

const FeatureInput = z.object({
  feature: z.string().min(1).max(64).describe("Flag as the kernel spells it, such as avx512f or sve"),
});

/** How busy a node is on average, 0 to 1, as the scheduler sees it. */
export type Load = () => number;

/** The processors of a node. */
export function cpuFacility({ node }: ClusterModel, load: Load): Facility {
  const averages = (): number[] =>
    Array.from({ length: 3 }, () => Math.round(load() * node.cores * 100) / 100);
  return {
    name: "cpu",
    category: "hardware",
    metadata: () => ({
      arch: node.arch,
      os: node.os,
      model: node.cpuModel,
      vendor: node.cpuVendor,
      physical_cores: node.cores,
      logical_cores: node.cores,
      flags: node.flags,
    }),
    truth: () => ({
      model: node.cpuModel,
      cores: node.cores,
      flags: node.flags,
      load: Math.round(load() * 100),
    }),
    facts: (_query, record) => {
      const evidence = record("get_current_load", {
        summary: `${node.cores} cores, ${node.arch}, ${node.cpuModel}`,
      });
      const { arch, os, cpuModel, cpuVendor, cores } = node;
      const cpuFlags = [...node.flags];
      return {
        hardware: [{ scope: "cluster", arch, os, cpuModel, cpuVendor, cpuFlags, cores, gpus: [], evidence }],
      };
    },
    tools: [
      observe({
        name: "get_current_load",
        description:
          "Average load of a compute node: run-queue averages and the share of cores they keep busy.",
        input: noArguments,
        answer: () => ({
          logicalCores: node.cores,
          physicalCores: node.cores,
          loadAverage: averages(),
          loadPerCore: Math.round(load() * 100) / 100,
        }),
      }),
      observe({
        name: "check_instruction_support",
        description: "Whether the processors of the compute nodes have an instruction-set feature.",
        input: FeatureInput,
        answer: ({ feature }) => ({ feature, supported: node.flags.includes(feature.toLowerCase()) }),
      }),
    ],
  };
}

/** The main memory of a node. */
export function memoryFacility({ node }: ClusterModel, load: Load): Facility {
  const totalBytes = node.memoryBytes;
  const usedBytes = (): number => Math.floor(totalBytes * load() * 0.8);
  return {
    name: "memory",
    category: "hardware",
    metadata: () => ({ total_gb: totalBytes / bytesPerGib, totalBytes }),
    truth: () => ({
      total_gb: totalBytes / bytesPerGib,
      usage_percent: Math.round((100 * usedBytes()) / totalBytes),
    }),
    facts: (_query, record) => {
      const evidence = record("get_available_memory", { summary: `${formatBytes(totalBytes)} of memory` });
      return { hardware: [{ scope: "cluster", memoryBytes: totalBytes, cpuFlags: [], gpus: [], evidence }] };
    },
    tools: [
      observe({
        name: "get_available_memory",
        description:
          "Total, available and used main memory of an average compute node, in bytes and as a share.",
        input: noArguments,
        answer: () => {
          const used = usedBytes();
          return {
            totalBytes,
            availableBytes: totalBytes - used,
            usedBytes: used,
            usedShare: used / totalBytes,
          };
        },
      }),
    ],
  };
}

interface GpuReading {
  readonly index: number;
  readonly model: string;
  readonly memoryBytes: number;
  readonly usedMemoryBytes: number;
  readonly utilizationShare: number;
}

function readGpus(gpus: NodeGpus, load: Load): GpuReading[] {
  return Array.from({ length: gpus.count }, (_, index) => ({
    index,
    model: gpus.model,
    memoryBytes: gpus.memoryBytes,
    usedMemoryBytes: Math.floor(gpus.memoryBytes * load() * 0.7),
    utilizationShare: Math.round(load() * 100) / 100,
  }));
}

/** The GPUs of a node: `nvidia-gpu` or `amd-gpu`. */
export function gpuFacility(gpus: NodeGpus, load: Load): Facility {
  const models = Array.from({ length: gpus.count }, () => gpus.model);
  const { vendor, model, count, memoryBytes } = gpus;
  const tools = vendor === "nvidia" ? nvidiaTools(gpus, load) : amdTools(gpus, load);
  return {
    name: `${vendor}-gpu`,
    category: "hardware",
    metadata: () => ({ vendor, count, models }),
    truth: () => ({ vendor, count, models, utilization: models.map(() => Math.round(load() * 100)) }),
    facts: (_query, record) => {
      const evidence = record(tools.at(-1)?.name ?? "", { summary: `${count} x ${model}` });
      const hardware: Hardware = {
        scope: "cluster",
        cpuFlags: [],
        gpus: [{ vendor, model, count, memoryBytes }],
        evidence,
      };
      return { hardware: [hardware] };
    },
    tools,
  };
}

function nvidiaTools(gpus: NodeGpus, load: Load): Facility["tools"] {
  return [
    observe({
      name: "get_utilization",
      description: "How busy each NVIDIA GPU of an average compute node is, as a share of 1.",
      input: noArguments,
      answer: () => ({
        status: "present",
        gpus: readGpus(gpus, load).map(({ index, model, utilizationShare }) => ({
          index,
          model,
          utilizationShare,
        })),
      }),
    }),
    observe({
      name: "get_memory_info",
      description: "Total, used and free memory of each NVIDIA GPU of an average compute node, in bytes.",
      input: noArguments,
      answer: () => ({
        status: "present",
        gpus: readGpus(gpus, load).map(({ index, model, memoryBytes, usedMemoryBytes }) => ({
          index,
          model,
          memoryBytes,
          usedMemoryBytes,
          freeMemoryBytes: memoryBytes - usedMemoryBytes,
          migEnabled: false,
        })),
      }),
    }),
  ];
}

function amdTools(gpus: NodeGpus, load: Load): Facility["tools"] {
  return [
    observe({
      name: "get_full_status",
      description:
        "Model, memory in bytes and utilization as a share of 1 of each AMD GPU of an average node.",
      input: noArguments,
      answer: () => ({ status: "present", gpus: readGpus(gpus, load) }),
    }),
  ];
}

/** The share of a site that is in use, given the units that are idle. */
export function loadShare(model: ClusterModel, idleUnits: number): number {
  return 1 - idleUnits / totalUnits(model);
}
