import type { BatchJob } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import type { ConstraintRules } from "../fields/constraints.ts";
import { isOneHost } from "../fields/hosts.ts";
import { writeMemory } from "../fields/memory.ts";
import { gpusOfNode } from "../fields/per-node.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

const bytes = (amount: number): string => writeMemory(amount, ["b", "kb", "mb", "gb", "tb"]);

/** How the target names hosts and features: Moab has resources of their own for them. */
export interface NodeStyle {
  readonly namesInNodes: boolean;
}

/** Properties of nodes, in Torque and in Moab. */
export const propertyRules: ConstraintRules = {
  reserved: /^(?:ppn|gpus|shared|exclusive|default|reseterr|exclusive_\w+)$/,
  values: "never",
};

function suffix(job: BatchJob, pen: Pen, style: NodeStyle): string {
  const gpus = gpusOfNode(job, pen);
  const words = style.namesInNodes ? sayableConstraints(job, pen, propertyRules) : [];
  return `${gpus === undefined ? "" : `:gpus=${gpus}`}${words.map((each) => `:${each}`).join("")}`;
}

function writeNodes(job: BatchJob, pen: Pen, style: NodeStyle): string {
  const { nodes = 1, tasks, cpusPerTask } = completeShape(job);
  const rest = suffix(job, pen, style);
  const each = Math.max(1, Math.floor(tasks / nodes));
  const more = tasks < nodes ? 0 : tasks % nodes;
  if (tasks < nodes) pen.approximate("tasks", "A node has at least one task.", ["tasksPerNode"]);
  const part = (first: string | number, processes: number): string =>
    `${first}:ppn=${processes * cpusPerTask}${rest}`;
  const { nodelist } = job;
  if (nodelist !== undefined && style.namesInNodes) {
    if (
      nodelist.length === nodes &&
      more === 0 &&
      nodelist.every((host) => isOneHost(host) && /^[A-Za-z]/.test(host))
    ) {
      return nodelist.map((host) => part(host, each)).join("+");
    }
    pen.lose("nodelist", "Hosts can be named only one by one, as many as there are nodes.");
  }
  return more === 0 ? part(nodes, each) : `${part(more, each + 1)}+${part(nodes - more, each)}`;
}

const gpuFields = ["gpus", "gpusPerNode", "gpusPerTask"] as const;
const needsNodes = [...gpuFields, "constraints", "nodelist"] as const;

/** Writes `-l nodes=N:ppn=P`, or `-l procs=N` where the number of nodes is left open. */
export function writeShape(job: BatchJob, pen: Pen, style: NodeStyle): readonly string[] {
  if (job.gpuType !== undefined) pen.lose("gpuType", "The type of GPU is a property of the site's own.");
  const needed = style.namesInNodes ? needsNodes : gpuFields;
  if (!hasShape(job) && !needed.some((field) => job[field] !== undefined)) return [];
  const { nodes, tasks, cpusPerTask } = completeShape(job);
  if (cpusPerTask > 1) {
    pen.approximate(
      "cpusPerTask",
      "ppn and procs count cores: set OMP_NUM_THREADS and the number of ranks.",
      ["tasks", "tasksPerNode"],
    );
  }
  if (nodes !== undefined) return [`-l nodes=${writeNodes(job, pen, style)}`];
  for (const field of needed) {
    if (job[field] !== undefined) pen.lose(field, "The number of nodes is left open.");
  }
  return [`-l procs=${tasks * cpusPerTask}`];
}

/** Writes `-l mem=` for the whole job and `-l pmem=` for a process. */
export function writeMemories(job: BatchJob, pen: Pen): readonly string[] {
  const { nodes, cpusPerTask } = completeShape(job);
  let { memoryBytes: total, memoryBytesPerTask: process } = job;
  if (job.memoryBytesPerNode !== undefined) {
    if (nodes === undefined)
      pen.lose("memoryBytesPerNode", "mem is for the whole job, whose nodes are left open.");
    else {
      pen.approximate("memoryBytesPerNode", "mem is for the whole job: times its nodes.", ["memoryBytes"]);
      total ??= job.memoryBytesPerNode * nodes;
    }
  }
  if (job.memoryBytesPerCpu !== undefined) {
    pen.approximate("memoryBytesPerCpu", "pmem is for a process: times its cores.", ["memoryBytesPerTask"]);
    process ??= job.memoryBytesPerCpu * cpusPerTask;
  }
  if (job.memoryBytesPerGpu !== undefined)
    pen.lose("memoryBytesPerGpu", "Memory is for the job or a process.");
  return [
    ...(total === undefined ? [] : [`-l mem=${bytes(total)}`]),
    ...(process === undefined ? [] : [`-l pmem=${bytes(process)}`]),
  ];
}
