import { formatBytes, formatDuration, ParleyError, type JobSpec, type Partition } from "@parley/core";
import { unitsPerNode, type ClusterModel } from "../model/cluster-model.ts";

/** What a job asks of the site, and how long it may run. */
export interface Demand {
  readonly nodes: number;
  readonly units: number;
  readonly walltimeSeconds: number;
  readonly partition: Partition;
}

const maxArgumentBytes = 131_072;

function refuse(model: ClusterModel, message: string): never {
  throw new ParleyError(
    "E_ENGINE_REFUSED",
    `Simulated ${model.manager} on ${model.name} refused: ${message}`,
  );
}

function findPartition(model: ClusterModel, spec: JobSpec): Partition {
  const { queue } = spec;
  const found = model.partitions.find(({ name, isDefault }) =>
    queue === undefined ? isDefault : name === queue,
  );
  const known = model.partitions.map(({ name }) => name).join(", ");
  return found ?? refuse(model, `there is no queue ${JSON.stringify(queue)}; the queues are ${known}.`);
}

function shape({ resources }: JobSpec, coresPerNode: number): { nodes: number; cores: number } {
  const coresPerTask = resources.coresPerTask ?? 1;
  const tasks = resources.tasks ?? (resources.tasksPerNode ?? 1) * (resources.nodes ?? 1);
  const fitting = Math.max(1, Math.floor(coresPerNode / coresPerTask));
  const nodes = resources.nodes ?? Math.ceil(tasks / (resources.tasksPerNode ?? fitting));
  const tasksPerNode = resources.tasksPerNode ?? Math.ceil(tasks / nodes);
  return { nodes, cores: tasksPerNode * coresPerTask };
}

function checkNode(model: ClusterModel, spec: JobSpec, cores: number): void {
  const { node } = model;
  const { gpusPerNode = 0, gpuModel, memoryBytesPerNode = 0 } = spec.resources;
  if (cores > node.cores) refuse(model, `${cores} cores per node asked, a node has ${node.cores}.`);
  const gpus = node.gpus?.count ?? 0;
  if (gpusPerNode > gpus) refuse(model, `${gpusPerNode} GPUs per node asked, a node has ${gpus}.`);
  const here = node.gpus?.model ?? "none";
  if (gpuModel !== undefined && !here.toLowerCase().includes(gpuModel.toLowerCase())) {
    refuse(model, `GPU ${JSON.stringify(gpuModel)} asked, the nodes have ${here}.`);
  }
  if (memoryBytesPerNode > node.memoryBytes) {
    const [asked, had] = [formatBytes(memoryBytesPerNode), formatBytes(node.memoryBytes)];
    refuse(model, `${asked} of memory per node asked, a node has ${had}.`);
  }
}

function checkLimits(
  model: ClusterModel,
  spec: JobSpec,
  { partition, nodes }: { readonly partition: Partition; readonly nodes: number },
): void {
  const available = model.load.availableNodes;
  const most = Math.min(available, partition.maxNodesPerJob ?? available);
  if (nodes > most) {
    refuse(model, `${nodes} nodes asked, queue ${partition.name} gives a job at most ${most}.`);
  }
  const longest = partition.maxWalltimeSeconds;
  if (longest !== undefined && (spec.walltimeSeconds ?? 0) > longest) {
    const asked = formatDuration(spec.walltimeSeconds ?? 0);
    refuse(model, `${asked} asked, queue ${partition.name} ends jobs after ${formatDuration(longest)}.`);
  }
  const { accounts } = model.policy;
  if (spec.account !== undefined && accounts !== undefined && !accounts.includes(spec.account)) {
    refuse(model, `no account ${JSON.stringify(spec.account)}; the accounts are ${accounts.join(", ")}.`);
  }
}

/** Units of one shared node: the largest share of cores, GPUs and memory, so that none is given out twice. */
function sharedUnits({ node }: ClusterModel, { resources }: JobSpec, cores: number): number {
  if (resources.exclusive === true) return node.cores;
  const gpuShare = (resources.gpusPerNode ?? 0) / (node.gpus?.count ?? 1);
  const memoryShare = (resources.memoryBytesPerNode ?? 0) / node.memoryBytes;
  return Math.max(cores, Math.ceil(node.cores * gpuShare), Math.ceil(node.cores * memoryShare));
}

/**
 * Reads what a job needs.
 * @throws {@link ParleyError} `E_ENGINE_REFUSED` with the numbers when the site can never give it
 */
export function readDemand(model: ClusterModel, spec: JobSpec): Demand {
  const bytes = spec.command.reduce((sum, argument) => sum + Buffer.byteLength(argument), 0);
  if (bytes > maxArgumentBytes) {
    refuse(model, `the command is ${formatBytes(bytes)} long, at most ${formatBytes(maxArgumentBytes)}.`);
  }
  const partition = findPartition(model, spec);
  const { nodes, cores } = shape(spec, model.node.cores);
  const { tasks = 1, tasksPerNode = tasks } = spec.resources;
  if (tasks > nodes * tasksPerNode) {
    refuse(model, `${tasks} tasks asked, ${nodes} nodes with ${tasksPerNode} each have fewer.`);
  }
  checkNode(model, spec, cores);
  checkLimits(model, spec, { partition, nodes });
  const perNode = model.sharing === "node" ? unitsPerNode(model) : sharedUnits(model, spec, cores);
  const walltimeSeconds = spec.walltimeSeconds ?? partition.defaultWalltimeSeconds ?? 3600;
  return { nodes, units: nodes * perNode, walltimeSeconds, partition };
}
