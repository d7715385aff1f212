import type { BatchJob } from "../batch-job.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

/** What a Flux job is made of: equal slots, on so many nodes. */
export interface Slots {
  readonly nodes: number | undefined;
  readonly count: number;
  readonly cores: number;
  readonly gpus: number;
  readonly exclusive: boolean;
}

/** GPUs of one slot, from whichever way the job asks for them. */
function gpusOfSlot(
  job: BatchJob,
  pen: Pen,
  { nodes, count }: { nodes: number | undefined; count: number },
): number {
  const { gpus, gpusPerNode, gpusPerTask } = job;
  let found = gpusPerTask;
  const shares = [
    ["gpus", gpus === undefined ? undefined : gpus / count] as const,
    [
      "gpusPerNode",
      gpusPerNode === undefined || nodes === undefined ? undefined : (gpusPerNode * nodes) / count,
    ] as const,
  ];
  for (const [field, share] of shares) {
    if (job[field] === undefined) continue;
    if (share === undefined || !Number.isInteger(share)) {
      pen.lose(field, "Flux gives whole GPUs to slots, and these cannot be shared out evenly.");
    } else {
      pen.approximate(field, "Said for each slot, shared out evenly.", ["gpusPerTask"]);
      found ??= share;
    }
  }
  return found ?? 0;
}

/** Works out the slots of a job; `undefined` when it asks for none. */
export function fluxSlots(job: BatchJob, pen: Pen): Slots | undefined {
  const asks = hasShape(job) || (job.gpus ?? job.gpusPerNode ?? job.gpusPerTask) !== undefined;
  const { nodes, tasks, cpusPerTask } = completeShape(job);
  if (job.exclusive === false) pen.lose("exclusive", "Whether nodes are shared is the queue's policy.");
  if (!asks && job.exclusive !== true) return undefined;
  if (job.exclusive === true && nodes === undefined) {
    pen.lose("exclusive", "Whole nodes need their number, which is left open.");
  }
  const count = Math.max(tasks, nodes ?? 1);
  if (count > tasks) pen.approximate("tasks", "A node has at least one slot.", ["tasksPerNode"]);
  return {
    nodes,
    count,
    cores: cpusPerTask,
    gpus: gpusOfSlot(job, pen, { nodes, count }),
    exclusive: job.exclusive === true && nodes !== undefined,
  };
}
