import { formatBytes } from "@parley/core";
import type { JobRequirements, NodeGroup } from "@parley/core";
import { anyOf, atLeast } from "../clause.ts";
import type { Finding, Outcome } from "../clause.ts";
import { count, list } from "../words.ts";
import { matchArch, matchGpu } from "./match.ts";
import type { CapacityNeed } from "./need.ts";

/** What single nodes must have, each asked on its own, so that the answer names what is missing. */
export function nodeFindings(
  requirements: JobRequirements,
  need: CapacityNeed,
  groups: readonly NodeGroup[],
): readonly Finding[] {
  return [
    ...coresFinding(need, groups),
    ...memoryFinding(need, groups),
    ...gpuFindings(requirements, need, groups),
    ...archFinding(need, groups),
  ];
}

function coresFinding(need: CapacityNeed, groups: readonly NodeGroup[]): readonly Finding[] {
  if (need.coresPerNode === undefined) return [];
  const most = Math.max(0, ...groups.map((group) => group.coresPerNode));
  return [
    {
      path: "compute.coresPerNode",
      need: `${count(need.coresPerNode, "core")} per node`,
      have: `largest node has ${count(most, "core")}`,
      outcome: atLeast(most, need.coresPerNode),
    },
  ];
}

function memoryFinding(need: CapacityNeed, groups: readonly NodeGroup[]): readonly Finding[] {
  const asked = need.memoryBytesPerNode;
  if (asked === undefined) return [];
  const most = Math.max(0, ...groups.map((group) => group.memoryBytesPerNode ?? 0));
  return [
    {
      path: "memory.perNodeGb",
      need: `${formatBytes(asked)} of memory per node`,
      have: most === 0 ? "the memory of the nodes is not known" : `largest node has ${formatBytes(most)}`,
      outcome: anyOf(groups.map((group) => atLeast(group.memoryBytesPerNode, asked))),
    },
  ];
}

function gpuFindings(
  requirements: JobRequirements,
  need: CapacityNeed,
  groups: readonly NodeGroup[],
): readonly Finding[] {
  const gpu = requirements.gpu;
  if (gpu === undefined || need.gpusPerNode === undefined) return [];
  const withGpu = groups.filter((group) => group.gpusPerNode > 0);
  const most = Math.max(0, ...withGpu.map((group) => group.gpusPerNode));
  const kind = gpuKind(requirements);
  return [
    {
      path: gpu.perNode === undefined ? "gpu.need" : "gpu.perNode",
      need: `${count(need.gpusPerNode, "GPU")} per node`,
      have: most === 0 ? "no node has a GPU" : `largest node has ${most}`,
      outcome: atLeast(most, need.gpusPerNode),
    },
    ...(kind === undefined
      ? []
      : [
          {
            path: gpu.models === undefined ? "gpu.vendor" : "gpu.models",
            need: kind,
            have: gpuModels(withGpu),
            outcome: anyOf(withGpu.map((group) => matchGpu(group, need))),
          },
        ]),
  ];
}

/** The kind of GPU in words; `undefined` when any will do. */
export function gpuKind(requirements: JobRequirements): string | undefined {
  const gpu = requirements.gpu ?? { need: "none" };
  const models = gpu.models?.map((model) => model.toUpperCase());
  const name = models === undefined ? gpu.vendor : list(models).replace(/ and /, " or ");
  const memory = gpu.vramGb === undefined ? undefined : `${gpu.vramGb} GiB of memory each`;
  if (name === undefined && memory === undefined && gpu.runtime === undefined) return undefined;
  return [`${name ?? gpu.runtime ?? ""} GPUs`.trim(), memory]
    .filter((part) => part !== undefined)
    .join(" with ");
}

function gpuModels(groups: readonly NodeGroup[]): string {
  if (groups.length === 0) return "no node has a GPU";
  const names = groups.map((group) => group.gpuModel ?? group.gpuVendor);
  const known = [...new Set(names.filter((name) => name !== undefined))];
  return known.length === 0 ? "the kind of GPU is not known" : `has ${list(known)}`;
}

function archFinding(need: CapacityNeed, groups: readonly NodeGroup[]): readonly Finding[] {
  const arch = need.arch;
  // Where no node states its architecture the hardware providers are asked instead.
  if (arch === undefined || groups.every((group) => group.arch === undefined)) return [];
  const outcome: Outcome = anyOf(groups.map((group) => matchArch(group, arch)));
  const have = [...new Set(groups.map((group) => group.arch).filter((item) => item !== undefined))];
  return [{ path: "platform.arch", need: `${arch} processors`, have: `has ${list(have)}`, outcome }];
}
