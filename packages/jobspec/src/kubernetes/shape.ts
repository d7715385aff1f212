import type { BatchJob, JobArray } from "../batch-job.ts";
import { arraySize, rangesOf } from "../fields/array.ts";
import { writeMemory } from "../fields/memory.ts";
import { gpusOfNode, memoryOfNode } from "../fields/per-node.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Fields } from "../jobspec/json.ts";
import type { Pen } from "../writing.ts";
import { names } from "./names.ts";

/** How many pods there are, and whether each is on a node of its own. */
export interface Pods {
  readonly spec: Fields;
  readonly apart: boolean;
}

function arrayPods(array: JobArray, pen: Pen): Pods {
  const [range, ...more] = rangesOf(array);
  const size = arraySize(array);
  if (range?.first !== 0 || range.step !== 1 || more.length > 0) {
    pen.approximate("array", "Indices begin at 0 and have no gaps: compute yours from JOB_COMPLETION_INDEX.");
  }
  const parallelism = Math.min(size, array.maxConcurrent ?? size);
  if (array.maxConcurrent !== undefined && array.maxConcurrent >= size) {
    pen.approximate("array", "All elements may run at once.");
  }
  return { spec: { completions: size, parallelism, completionMode: "Indexed" }, apart: false };
}

/** The pods of a job: one for each element of the array, or for each node. */
export function podsOf(job: BatchJob, pen: Pen): Pods {
  const { nodes = 1 } = completeShape(job);
  if (job.array !== undefined) {
    if (nodes > 1) pen.lose("nodes", "An element of an array is one pod, on one node.");
    return arrayPods(job.array, pen);
  }
  if (nodes === 1) return { spec: {}, apart: false };
  pen.approximate(
    "nodes",
    "Each node is a pod, and each pod runs the script: JOB_COMPLETION_INDEX tells them apart.",
  );
  return { spec: { completions: nodes, parallelism: nodes, completionMode: "Indexed" }, apart: true };
}

function coresOf(job: BatchJob, pen: Pen): number | undefined {
  if (!hasShape(job)) return undefined;
  const { nodes = 1, tasks, cpusPerTask } = completeShape(job);
  const each = Math.ceil(tasks / nodes);
  if (tasks !== nodes) {
    const field = job.tasks === undefined ? "tasksPerNode" : "tasks";
    pen.approximate(field, "A pod has cores and no tasks: start them in the script.", [
      "tasks",
      "tasksPerNode",
      "cpusPerTask",
      "nodes",
    ]);
  }
  return each * cpusPerTask;
}

/** Cores, GPUs and memory of each pod. */
export function resourcesOf(job: BatchJob, pen: Pen): Fields {
  const cores = coresOf(job, pen);
  const gpus = gpusOfNode(job, pen);
  const memory = memoryOfNode(job, pen, gpus);
  const amounts = {
    ...(cores === undefined ? {} : { cpu: String(cores) }),
    ...(memory === undefined ? {} : { memory: writeMemory(memory, ["", "Ki", "Mi", "Gi", "Ti"]) }),
  };
  const limits = { ...amounts, ...(gpus === undefined ? {} : { [names.gpu]: String(gpus) }) };
  return Object.keys(limits).length === 0 ? {} : { resources: { requests: amounts, limits } };
}
