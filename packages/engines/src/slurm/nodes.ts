import type { NodeGroup, Partition } from "@parley/core";
import { readGpuName } from "../_gpu-models.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { parseGpus, totalGpus } from "./gres.ts";
import type { GpuCount } from "./gres.ts";
import { parseKeyValues, present, wholeNumber } from "./key-values.ts";
import { nodeUse } from "./node-state.ts";
import type { NodeUse } from "./node-state.ts";

/** One node, in whatever partitions. A core is what Slurm schedules: a hardware thread where it counts those. */
export interface SlurmNode {
  readonly name: string;
  readonly partitions: readonly string[];
  readonly use: NodeUse;
  readonly cores: number;
  readonly allocatedCores: number;
  readonly memoryBytes: number | undefined;
  readonly gpus: readonly GpuCount[];
  readonly features: readonly string[];
  readonly arch: string | undefined;
}

const list = (text: string | undefined): string[] =>
  (present(text) ?? "")
    .split(",")
    .filter((item) => item !== "")
    .toSorted();

/** Reads `scontrol -o show node`. */
export function parseNodes(stdout: string): SlurmNode[] {
  return stdout.split("\n").flatMap((line): SlurmNode[] => {
    const values = parseKeyValues(line);
    const name = present(values.get("NodeName"));
    const cores = wholeNumber(values.get("CPUEfctv")) ?? wholeNumber(values.get("CPUTot"));
    if (name === undefined || cores === undefined) return [];
    const megabytes = wholeNumber(values.get("RealMemory"));
    return [
      {
        name,
        partitions: list(values.get("Partitions")),
        use: nodeUse(values.get("State") ?? ""),
        cores,
        allocatedCores: wholeNumber(values.get("CPUAlloc")) ?? 0,
        // 1 is Slurm's default where the site does not count memory.
        memoryBytes: megabytes !== undefined && megabytes > 1 ? megabytes * 2 ** 20 : undefined,
        gpus: parseGpus(values.get("Gres") ?? ""),
        features: list(values.get("AvailableFeatures")),
        arch: present(values.get("Arch")),
      },
    ];
  });
}

/** Reads `sinfo -h -N -O NodeList:|,GresUsed:|`: GPUs in use by node; nodes that do not say are left out. */
export function parseGpusInUse(stdout: string): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const line of stdout.split("\n")) {
    const [name = "", gres = ""] = line.split("|").map((field) => field.trim());
    if (name !== "" && gres.includes("gpu:")) used.set(name, totalGpus(parseGpus(gres)));
  }
  return used;
}

/** The GPU part of a group; a group with several models has none of its own. */
function gpuFields(gpus: readonly GpuCount[]): Partial<NodeGroup> {
  const names = [...new Set(gpus.map(({ type }) => type))];
  const [only] = names;
  if (names.length !== 1 || only === undefined) return {};
  const { model, vendor, memoryBytes } = readGpuName(only);
  return { gpuModel: model, gpuVendor: vendor, gpuMemoryBytes: memoryBytes };
}

function toGroup(
  nodes: readonly SlurmNode[],
  up: ReadonlySet<string>,
  used: ReadonlyMap<string, number> | undefined,
): NodeGroup {
  const [first] = nodes;
  if (first === undefined) throw new RangeError("A group has at least one node.");
  const served = first.partitions.some((partition) => up.has(partition));
  const available = served ? nodes.filter(({ use }) => use !== "never") : [];
  const usable = available.filter(({ use }) => use === "now");
  const gpusPerNode = totalGpus(first.gpus);
  const known = usable.every(({ name }) => used?.has(name) === true);
  const idleGpus = usable.reduce(
    (sum, { name }) => sum + Math.max(0, gpusPerNode - (used?.get(name) ?? 0)),
    0,
  );
  return withoutUndefined({
    partitions: [...first.partitions],
    nodes: nodes.length,
    availableNodes: available.length,
    idleNodes: usable.filter(({ allocatedCores }) => allocatedCores === 0).length,
    coresPerNode: first.cores,
    idleCores: usable.reduce((sum, node) => sum + Math.max(0, node.cores - node.allocatedCores), 0),
    gpusPerNode,
    memoryBytesPerNode: first.memoryBytes,
    idleGpus: gpusPerNode > 0 && known ? idleGpus : undefined,
    ...gpuFields(first.gpus),
    arch: first.arch,
    features: [...first.features],
  });
}

/**
 * Groups like nodes (partitions, cores, memory, GPUs, features). Every node counts once, however many
 * partitions it is in; a node that is only in partitions that are not up is not available.
 * @param gpusInUse - by node; without it idle GPUs are unknown.
 */
export function groupNodes(
  nodes: readonly SlurmNode[],
  partitions: readonly Partition[],
  gpusInUse: ReadonlyMap<string, number> | undefined,
): NodeGroup[] {
  const up = new Set(partitions.filter((partition) => partition.up).map(({ name }) => name));
  const groups = new Map<string, SlurmNode[]>();
  for (const node of new Map(nodes.map((node) => [node.name, node])).values()) {
    const key = JSON.stringify([node.partitions, node.cores, node.memoryBytes, node.gpus, node.features]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()].map((group) => toGroup(group, up, gpusInUse));
}
