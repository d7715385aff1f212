import type { BatchJob } from "../batch-job.ts";
import type { Pen } from "../writing.ts";
import type { MemoryField } from "./readers.ts";
import { completeShape } from "./shape.ts";

/** How many of something a node has to have, from whichever way the job asks for it. */
type PerNode = number | undefined;

/** GPUs of each node; `undefined` when the job asks for none, or it was reported that it cannot be told. */
export function gpusOfNode(job: BatchJob, pen: Pen): PerNode {
  const { nodes, tasksPerNode } = completeShape(job);
  const { gpus, gpusPerNode, gpusPerTask } = job;
  if (gpus !== undefined) {
    const count = nodes === undefined ? undefined : gpus / nodes;
    if (count !== undefined && Number.isInteger(count)) {
      pen.approximate("gpus", "Said for each node, shared out evenly.", ["gpusPerNode"]);
      return gpusPerNode ?? count;
    }
    pen.lose("gpus", "GPUs of the whole job cannot be shared out to nodes evenly.");
  }
  if (gpusPerTask !== undefined) {
    if (tasksPerNode !== undefined) {
      pen.approximate("gpusPerTask", "Said for each node, for all its tasks.", ["gpusPerNode"]);
      return gpusPerNode ?? gpusPerTask * tasksPerNode;
    }
    pen.lose("gpusPerTask", "How many tasks a node has is left open, so its GPUs cannot be told.");
  }
  if (gpusPerNode !== undefined && nodes === undefined) {
    pen.lose("gpusPerNode", "The number of nodes is left open.");
    return undefined;
  }
  return gpusPerNode;
}

interface Share {
  readonly field: MemoryField;
  readonly times: number | undefined;
  readonly note: string;
}

/** How each way to ask for memory comes to that of a node. */
function shares(job: BatchJob, gpus: PerNode): Share[] {
  const { nodes, tasksPerNode, cpusPerTask } = completeShape(job);
  const cores = tasksPerNode === undefined ? undefined : tasksPerNode * cpusPerTask;
  return [
    {
      field: "memoryBytes",
      times: nodes === undefined ? undefined : 1 / nodes,
      note: "shared out to the nodes",
    },
    { field: "memoryBytesPerTask", times: tasksPerNode, note: "times the tasks of a node" },
    { field: "memoryBytesPerCpu", times: cores, note: "times the cores of a node" },
    { field: "memoryBytesPerGpu", times: gpus, note: "times the GPUs of a node" },
  ];
}

/** Memory of each node in bytes; `undefined` as for {@link gpusOfNode}. */
export function memoryOfNode(job: BatchJob, pen: Pen, gpus: PerNode): PerNode {
  let found: PerNode = undefined;
  if (job.memoryBytesPerNode !== undefined) {
    if (completeShape(job).nodes === undefined)
      pen.lose("memoryBytesPerNode", "The number of nodes is left open.");
    else found = job.memoryBytesPerNode;
  }
  for (const { field, times, note } of shares(job, gpus)) {
    const amount = job[field];
    if (amount === undefined) continue;
    if (times === undefined) pen.lose(field, "It cannot be told what it comes to on a node.");
    else {
      pen.approximate(field, `Said for each node: ${note}.`, ["memoryBytesPerNode"]);
      found ??= Math.ceil(amount * times);
    }
  }
  return found;
}
