import type { Partition, Policy, Prices } from "@parley/core";
import { createDraw } from "../_draw.ts";
import type { Archetype } from "../archetype.ts";
import { unitsPerNode, type ClusterModel, type LoadModel } from "./cluster-model.ts";
import { within } from "./_hardware.ts";
import { archetypeRanges } from "./ranges.ts";

const hour = 3600;

/** Name, longest walltime in hours, share of the nodes one job may have. The second is the default queue. */
const hpcPartitions: readonly (readonly [string, number, number])[] = [
  ["debug", 1, 0.05],
  ["batch", 24, 0.5],
  ["short", 4, 0.5],
  ["long", 168, 0.1],
  ["large", 12, 1],
  ["interactive", 8, 0.02],
  ["priority", 48, 0.5],
  ["preempt", 24, 1],
  ["express", 2, 0.1],
  ["weekend", 60, 0.8],
];

/** Draws which scheduler an archetype runs and its version. */
export function drawManager(
  workerId: string,
  archetype: Archetype,
): Pick<ClusterModel, "manager" | "managerVersion" | "sharing"> {
  const draw = createDraw(workerId, "manager");
  if (archetype === "cloud") {
    return {
      manager: "kubernetes",
      managerVersion: draw.pick(["1.29.8", "1.30.4", "1.31.1"]),
      sharing: "core",
    };
  }
  if (archetype === "standalone") return { manager: "local", managerVersion: "1", sharing: "core" };
  return draw.chance(0.5)
    ? { manager: "slurm", managerVersion: draw.pick(["22.05.11", "23.11.10", "24.11.1"]), sharing: "node" }
    : { manager: "flux", managerVersion: draw.pick(["0.67.0", "0.74.0", "0.88.0"]), sharing: "node" };
}

function toPartition([name, hours, share]: readonly [string, number, number], nodes: number): Partition {
  return {
    name,
    isDefault: name === "batch",
    up: true,
    maxWalltimeSeconds: hours * hour,
    defaultWalltimeSeconds: Math.min(hours, 2) * hour,
    maxNodesPerJob: Math.max(1, Math.floor(share * nodes)),
  };
}

/** Draws queues; `availableNodes` bounds what a job may ask for. */
export function drawPartitions(
  workerId: string,
  { manager, archetype }: Pick<ClusterModel, "manager" | "archetype">,
  availableNodes: number,
): Partition[] {
  const draw = createDraw(workerId, "partitions");
  const count = draw.integer(...archetypeRanges[archetype].partitions);
  if (manager === "local") {
    return [{ name: "local", isDefault: true, up: true, defaultWalltimeSeconds: 2 * hour }];
  }
  if (manager === "kubernetes") {
    const pools = ["default", "spot", "batch"].slice(0, count);
    return pools.map((name, index) => ({
      name,
      isDefault: index === 0,
      up: true,
      defaultWalltimeSeconds: 2 * hour,
      maxNodesPerJob: availableNodes,
    }));
  }
  const required = hpcPartitions.slice(0, 2);
  const chosen = [...required, ...draw.sample(hpcPartitions.slice(2), count - required.length)];
  return chosen.map((row) => toPartition(row, availableNodes));
}

/** One machine is either in use or idle; a cluster is always partly in use. */
function standaloneLoad(utilization: number, cores: number): number {
  return utilization >= 0.5 ? Math.max(1, Math.floor(utilization * cores)) : 0;
}

/** Draws what others do on the site. */
export function drawLoad(
  workerId: string,
  site: Pick<ClusterModel, "archetype" | "sharing" | "node" | "nodes">,
  density: number,
): LoadModel {
  const draw = createDraw(workerId, "load");
  const utilization = Math.min(0.98, draw.share(density, 0.1));
  const downNodes = site.archetype === "hpc" ? Math.floor(site.nodes * 0.04 * draw.unit()) : 0;
  const availableNodes = site.nodes - downNodes;
  const units = availableNodes * unitsPerNode(site);
  const busyUnits =
    site.archetype === "standalone"
      ? standaloneLoad(utilization, site.node.cores)
      : Math.floor(utilization * units);
  const runningJobs = busyUnits === 0 ? 0 : Math.max(1, Math.ceil(busyUnits / draw.integer(2, 40)));
  const waitingShare = utilization > 0.8 ? draw.integer(30, 150) / 100 : draw.integer(0, 20) / 100;
  return {
    availableNodes,
    busyUnits,
    runningJobs,
    pendingJobs: Math.floor(runningJobs * waitingShare),
    meanRuntimeSeconds: draw.integer(1, 8) * hour,
  };
}

/** Draws the price list: within 30 % of what the archetype usually asks. */
export function drawPrices(workerId: string, archetype: Archetype): Prices {
  const draw = createDraw(workerId, "prices");
  const { node, core, gpu } = archetypeRanges[archetype].price;
  const around = (price: number): number => Math.round(price * (0.7 + 0.6 * draw.unit()) * 10_000) / 10_000;
  return { currency: "USD", perNodeHour: around(node), perCoreHour: around(core), perGpuHour: around(gpu) };
}

/** Draws the operator's rules; they never contradict the queues. */
export function drawPolicy(workerId: string, partitions: readonly Partition[], archetype: Archetype): Policy {
  const draw = createDraw(workerId, "policy");
  const walltimes = partitions.map((partition) => partition.maxWalltimeSeconds ?? 0);
  const longest = Math.max(...walltimes);
  const largest = Math.max(...partitions.map((partition) => partition.maxNodesPerJob ?? 1));
  const accounts = ["astro", "bio", "chem", "climate", "fusion", "materials", "ml"];
  const listed = archetype === "hpc" && draw.chance(0.3);
  const chosen = draw.sample(accounts, within([2, 4], draw.unit()));
  return {
    maxNodes: largest,
    ...(longest > 0 ? { maxWalltimeSeconds: longest } : {}),
    queues: partitions.map((partition) => partition.name),
    ...(listed ? { accounts: chosen } : {}),
  };
}
