import type { BatchJob } from "../batch-job.ts";

type Asked = Pick<BatchJob, "nodes" | "tasks" | "tasksPerNode" | "cpusPerTask">;

/** How many nodes, tasks and cores a job comes to. */
export interface Shape {
  readonly nodes: number | undefined;
  readonly tasks: number;
  /** Only when every node has as many. */
  readonly tasksPerNode: number | undefined;
  readonly cpusPerTask: number;
}

/**
 * Works out what was left open, as Slurm does: one task on each node unless said, one core for each task, as many
 * nodes as the tasks need at so many a node.
 */
export function completeShape({ nodes, tasks, tasksPerNode, cpusPerTask = 1 }: Asked): Shape {
  const needed = tasksPerNode === undefined ? undefined : Math.max(1, Math.ceil((tasks ?? 1) / tasksPerNode));
  const asked = nodes ?? needed;
  const allTasks = tasks ?? (asked ?? 1) * (tasksPerNode ?? 1);
  const allNodes = asked ?? (allTasks === 1 ? 1 : undefined);
  const even = allNodes !== undefined && allTasks % allNodes === 0;
  return {
    nodes: allNodes,
    tasks: allTasks,
    tasksPerNode: even ? allTasks / allNodes : undefined,
    cpusPerTask,
  };
}

/** The fields of {@link Shape}, in the order they are asked for. */
export const shapeFields = ["nodes", "tasks", "tasksPerNode", "cpusPerTask"] as const;

/** Whether a job asks for any shape at all. */
export const hasShape = (job: BatchJob): boolean => shapeFields.some((field) => job[field] !== undefined);
