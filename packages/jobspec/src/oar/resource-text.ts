import type { BatchJob } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import type { ConstraintRules } from "../fields/constraints.ts";
import { writeClock } from "../fields/duration.ts";
import { gpusOfNode } from "../fields/per-node.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

const rules: ConstraintRules = {
  reserved: /^(?:host|network_address|node|gpu_model|or|and|in|not)$/i,
  yes: /^yes$/i,
  values: "allowed",
};
const tasksFields = ["tasks", "tasksPerNode"] as const;

function underNode(
  job: BatchJob,
  pen: Pen,
  { cores, gpus }: { cores: number; gpus: number | undefined },
): string {
  if (gpus !== undefined && gpus > 0) {
    if (cores % gpus === 0) return `/gpu=${gpus}/core=${cores / gpus}`;
    const note = "Cores come with their GPUs: they cannot be shared out evenly.";
    pen.approximate(job.cpusPerTask === undefined ? "tasks" : "cpusPerTask", note, tasksFields);
    return `/gpu=${gpus}`;
  }
  if (job.exclusive !== true) return `/core=${cores}`;
  if (cores > 1)
    pen.approximate("tasks", "A whole node has as many cores as it has.", [...tasksFields, "cpusPerTask"]);
  return "";
}

function hierarchy(job: BatchJob, pen: Pen): string {
  const { nodes, tasks, cpusPerTask } = completeShape(job);
  if (cpusPerTask > 1) {
    pen.approximate(
      "cpusPerTask",
      "OAR counts cores: set OMP_NUM_THREADS and the number of ranks.",
      tasksFields,
    );
  }
  const gpus = gpusOfNode(job, pen);
  if (nodes === undefined) {
    if (job.exclusive === true)
      pen.lose("exclusive", "Only whole nodes are exclusive, and their number is left open.");
    return `/core=${tasks * cpusPerTask}`;
  }
  if (job.exclusive === true && gpus !== undefined) pen.lose("exclusive", "Only whole nodes are exclusive.");
  if (tasks < nodes) pen.approximate("tasks", "A node has at least one core.", tasksFields);
  const each = Math.max(1, Math.floor(tasks / nodes));
  const more = tasks < nodes ? 0 : tasks % nodes;
  if (more === 0) return `/nodes=${nodes}${underNode(job, pen, { cores: each * cpusPerTask, gpus })}`;
  if (gpus !== undefined)
    pen.lose("gpusPerNode", "Nodes with unlike numbers of cores are asked for without GPUs.");
  if (job.exclusive === true) pen.lose("exclusive", "Only whole nodes are exclusive.");
  const [large, small] = [(each + 1) * cpusPerTask, each * cpusPerTask];
  return `/nodes=${more}/core=${large}+/nodes=${nodes - more}/core=${small}`;
}

/** Writes `-l /nodes=N/core=C,walltime=H:M:S`. */
export function resourceText(job: BatchJob, pen: Pen): readonly string[] {
  const asks =
    hasShape(job) || (job.gpus ?? job.gpusPerNode ?? job.gpusPerTask ?? job.exclusive) !== undefined;
  const parts = [
    ...(asks ? [hierarchy(job, pen)] : []),
    ...(job.walltimeSeconds === undefined ? [] : [`walltime=${writeClock(job.walltimeSeconds)}`]),
  ];
  return parts.length === 0 ? [] : [`-l ${parts.join(",")}`];
}

const list = (hosts: readonly string[]): string => hosts.map((host) => `'${host}'`).join(",");

/** Writes `-p "..."`. */
export function propertyText(job: BatchJob, pen: Pen): readonly string[] {
  const terms = [
    ...(job.gpuType === undefined ? [] : [`gpu_model='${job.gpuType}'`]),
    ...sayableConstraints(job, pen, rules).flatMap((each) => {
      const [name = "", value = "YES"] = each.split("=");
      if (/^\w+$/.test(name)) return [`${name}='${value}'`];
      pen.lose("constraints", `${name} is no name of an OAR property.`);
      return [];
    }),
    ...(job.nodelist === undefined ? [] : [`host in (${list(job.nodelist)})`]),
    ...(job.excludeNodes === undefined ? [] : [`host not in (${list(job.excludeNodes)})`]),
  ];
  return terms.length === 0 ? [] : [`-p "${terms.join(" AND ")}"`];
}
