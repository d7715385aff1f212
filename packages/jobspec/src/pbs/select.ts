import type { BatchJob } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import type { ConstraintRules } from "../fields/constraints.ts";
import { isOneHost } from "../fields/hosts.ts";
import { writeMemory } from "../fields/memory.ts";
import { gpusOfNode, memoryOfNode } from "../fields/per-node.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

interface Demand {
  readonly gpus: number | undefined;
  readonly memory: number | undefined;
}

const rules: ConstraintRules = {
  reserved: /^(?:ncpus|mpiprocs|ompthreads|ngpus|naccelerators|mem|host|vnode|accelerator_\w+|gpu_\w+)$/,
  yes: /^true$/i,
  values: "allowed",
};
const bytes = (amount: number): string => writeMemory(amount, ["b", "kb", "mb", "gb", "tb"]);

/** What each chunk asks for beside cores. */
function extras(job: BatchJob, pen: Pen, { gpus, memory }: Demand): string {
  if (job.gpuType !== undefined)
    pen.approximate("gpuType", "accelerator_type is a resource sites name themselves.");
  const features = sayableConstraints(job, pen, rules).map((each) =>
    each.includes("=") ? `:${each}` : `:${each}=True`,
  );
  return [
    gpus === undefined || gpus === 0 ? "" : `:ngpus=${gpus}`,
    memory === undefined ? "" : `:mem=${bytes(memory)}`,
    job.gpuType === undefined ? "" : `:accelerator_type=${job.gpuType}`,
    ...features,
  ].join("");
}

const cores = (processes: number, threads: number): string =>
  `:ncpus=${processes * threads}:mpiprocs=${processes}${threads > 1 ? `:ompthreads=${threads}` : ""}`;

/** A chunk for each task, where the number of nodes is left open. */
function freeChunks(job: BatchJob, pen: Pen): string {
  const { tasks, cpusPerTask } = completeShape(job);
  for (const field of [
    "gpus",
    "gpusPerNode",
    "memoryBytes",
    "memoryBytesPerNode",
    "memoryBytesPerGpu",
  ] as const) {
    if (job[field] !== undefined)
      pen.lose(field, "The number of nodes is left open, so a chunk's share is unknown.");
  }
  if (job.nodelist !== undefined) pen.lose("nodelist", "The number of nodes is left open.");
  let memory = job.memoryBytesPerTask;
  if (job.memoryBytesPerCpu !== undefined) {
    pen.approximate("memoryBytesPerCpu", "Said for each task.", ["memoryBytesPerTask"]);
    memory ??= job.memoryBytesPerCpu * cpusPerTask;
  }
  return `${tasks}${cores(1, cpusPerTask)}${extras(job, pen, { gpus: job.gpusPerTask, memory })}`;
}

/** Chunks for nodes: one kind of them, or two where the tasks do not come out even. */
function nodeChunks(job: BatchJob, pen: Pen, nodes: number): string {
  const { tasks, cpusPerTask } = completeShape(job);
  const gpus = gpusOfNode(job, pen);
  const rest = extras(job, pen, { gpus, memory: memoryOfNode(job, pen, gpus) });
  const each = Math.max(1, Math.floor(tasks / nodes));
  const more = tasks < nodes ? 0 : tasks % nodes;
  if (tasks < nodes) pen.approximate("tasks", "A node has at least one task.", ["tasksPerNode"]);
  const chunk = (count: number, processes: number, host = ""): string =>
    `${count}${cores(processes, cpusPerTask)}${rest}${host}`;
  const { nodelist } = job;
  if (nodelist !== undefined) {
    if (nodelist.length === nodes && more === 0 && nodelist.every(isOneHost)) {
      return nodelist.map((host) => chunk(1, each, `:host=${host}`)).join("+");
    }
    pen.lose("nodelist", "Hosts can be named only one by one, as many as there are nodes.");
  }
  return more === 0 ? chunk(nodes, each) : `${chunk(more, each + 1)}+${chunk(nodes - more, each)}`;
}

const asked = (job: BatchJob): boolean =>
  hasShape(job) ||
  (
    ["gpus", "gpusPerNode", "gpusPerTask", "memoryBytes", "memoryBytesPerNode", "memoryBytesPerTask"] as const
  ).some((field) => job[field] !== undefined) ||
  (["memoryBytesPerCpu", "memoryBytesPerGpu", "gpuType", "constraints", "nodelist"] as const).some(
    (field) => job[field] !== undefined,
  );

/** Writes `-l select=...` and `-l place=...`. */
export function writeSelect(job: BatchJob, pen: Pen): readonly string[] {
  const { nodes } = completeShape(job);
  const sharing = job.exclusive === undefined ? [] : [job.exclusive ? "excl" : "shared"];
  if (!asked(job)) return sharing.map((word) => `-l place=${word}`);
  const arrangement = nodes === undefined ? ["free"] : nodes > 1 ? ["scatter"] : [];
  const place = [...arrangement, ...sharing].join(":");
  const select = nodes === undefined ? freeChunks(job, pen) : nodeChunks(job, pen, nodes);
  return [`-l select=${select}`, ...(place === "" ? [] : [`-l place=${place}`])];
}
