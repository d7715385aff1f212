import type { BatchJob } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import type { ConstraintRules } from "../fields/constraints.ts";
import { isOneHost } from "../fields/hosts.ts";
import { writeMemory } from "../fields/memory.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import type { Pen } from "../writing.ts";

const rules: ConstraintRules = { reserved: /^(?:hname|hostname|type|defined)$/, values: "allowed" };

function select(job: BatchJob, pen: Pen): string[] {
  const features = sayableConstraints(job, pen, rules).flatMap((each) => {
    const [name = "", value] = each.split("=");
    if (/^[A-Za-z]\w*$/.test(name)) return [value === undefined ? name : `${name}=='${value}'`];
    pen.lose("constraints", `${each} is no name of an LSF resource.`);
    return [];
  });
  const out = job.excludeNodes ?? [];
  if (!out.every(isOneHost)) pen.lose("excludeNodes", "Hosts are named one by one, without brackets.");
  return [...features, ...out.filter(isOneHost).map((host) => `hname!='${host}'`)];
}

function span(job: BatchJob, pen: Pen): string[] {
  const { nodes, tasks } = completeShape(job);
  if (!hasShape(job) || nodes === undefined || tasks === 1) return [];
  if (nodes === 1) return ["span[hosts=1]"];
  const each = Math.max(1, Math.ceil(tasks / nodes));
  if (Math.ceil(tasks / each) !== nodes) {
    pen.approximate("nodes", `With at most ${each} tasks on a node LSF may take fewer nodes.`, [
      "tasksPerNode",
    ]);
  }
  return [`span[ptile=${each}]`];
}

const ways = [
  ["memoryBytesPerNode", "", undefined],
  ["memoryBytesPerTask", "/task", undefined],
  ["memoryBytes", "/job", undefined],
  ["memoryBytesPerCpu", "/task", "memoryBytesPerTask"],
] as const;

function memory(job: BatchJob, pen: Pen): string[] {
  if (job.memoryBytesPerGpu !== undefined)
    pen.lose("memoryBytesPerGpu", "Memory is for a host, a task or the job.");
  const [first, ...rest] = ways.filter(([field]) => job[field] !== undefined);
  for (const [field] of rest) pen.lose(field, "rusage[mem] is said once, in another way.");
  if (first === undefined) return [];
  const [field, per, became] = first;
  if (became !== undefined) pen.approximate(field, "Said for each task: times its cores.", [became]);
  const bytes = (job[field] ?? 0) * (became === undefined ? 1 : completeShape(job).cpusPerTask);
  const whole = Math.ceil(bytes / 1024) * 1024;
  if (whole !== bytes) pen.approximate(field, "LSF counts in whole KB and rounds up.");
  return [`mem=${writeMemory(whole, ["", "KB", "MB", "GB", "TB"])}${per}`];
}

function usage(job: BatchJob, pen: Pen): string[] {
  const licenses = (job.licenses ?? []).flatMap(({ name, count }) => {
    if (/^[A-Za-z][\w-]*$/.test(name) && !/^(?:mem|tmp|swp|ngpus\w*)$/.test(name))
      return [`${name}=${count}`];
    pen.lose("licenses", `${name} is no name of an LSF resource.`);
    return [];
  });
  return [...memory(job, pen), ...licenses];
}

/** Writes the string of `-R`; empty when nothing is asked for. */
export function requirementText(job: BatchJob, pen: Pen): string {
  const conditions = select(job, pen);
  const uses = usage(job, pen);
  const { cpusPerTask } = completeShape(job);
  return [
    ...(conditions.length === 0 ? [] : [`select[${conditions.join(" && ")}]`]),
    ...span(job, pen),
    ...(uses.length === 0 ? [] : [`rusage[${uses.join(",")}]`]),
    ...(cpusPerTask === 1 ? [] : [`affinity[core(${cpusPerTask})]`]),
  ].join(" ");
}

/** Writes the string of `-gpu`; empty when no GPU is asked for. */
export function gpuText(job: BatchJob, pen: Pen): string {
  const { gpus, gpusPerNode, gpusPerTask, gpuType } = job;
  const { nodes } = completeShape(job);
  const shared = gpus === undefined || nodes === undefined ? undefined : gpus / nodes;
  if (gpus !== undefined) {
    if (shared !== undefined && Number.isInteger(shared)) {
      pen.approximate("gpus", "Said for each host, shared out evenly.", ["gpusPerNode"]);
    } else pen.lose("gpus", "GPUs of the whole job cannot be shared out to hosts evenly.");
  }
  const perNode = gpusPerNode ?? (shared !== undefined && Number.isInteger(shared) ? shared : undefined);
  if (perNode !== undefined && gpusPerTask !== undefined) {
    pen.lose("gpusPerTask", "GPUs are asked for by host or by task, not by both.");
  }
  const num =
    perNode === undefined ? (gpusPerTask === undefined ? undefined : `${gpusPerTask}/task`) : `${perNode}`;
  if (num === undefined) {
    if (gpuType !== undefined) pen.lose("gpuType", "The job asks for no GPU whose type it could be.");
    return "";
  }
  return `num=${num}${gpuType === undefined ? "" : `:gmodel=${gpuType}`}`;
}
