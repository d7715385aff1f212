import { BatchField } from "./batch-job.ts";
import type { BatchJob } from "./batch-job.ts";
import type { Dialect } from "./dialect.ts";
import { writeBatchJob } from "./transform.ts";

/** Whether a dialect can say a field: as it is, in another way, or not at all. */
export type Counterpart = "exact" | "approximated" | "none";

const shape = { nodes: 2, tasks: 8, tasksPerNode: 4 } as const;
const script = { script: "true\n", interpreter: "/bin/bash" } as const;

/** A small job that has the field, and what the field needs to mean something. */
const samples: { readonly [F in BatchField]: BatchJob } = {
  name: { ...script, name: "job" },
  account: { ...script, account: "lab" },
  queue: { ...script, queue: "batch" },
  qos: { ...script, qos: "high" },
  reservation: { ...script, reservation: "window" },
  nodes: { ...script, nodes: 2 },
  tasks: { ...script, tasks: 8 },
  tasksPerNode: { ...script, nodes: 2, tasksPerNode: 4 },
  cpusPerTask: { ...script, nodes: 1, cpusPerTask: 4 },
  gpus: { ...script, ...shape, gpus: 8 },
  gpusPerNode: { ...script, ...shape, gpusPerNode: 4 },
  gpusPerTask: { ...script, ...shape, gpusPerTask: 1 },
  gpuType: { ...script, ...shape, gpusPerNode: 4, gpuType: "h100" },
  memoryBytes: { ...script, ...shape, memoryBytes: 2 ** 34 },
  memoryBytesPerNode: { ...script, ...shape, memoryBytesPerNode: 2 ** 33 },
  memoryBytesPerTask: { ...script, ...shape, memoryBytesPerTask: 2 ** 31 },
  memoryBytesPerCpu: { ...script, ...shape, memoryBytesPerCpu: 2 ** 31 },
  memoryBytesPerGpu: { ...script, ...shape, gpusPerNode: 4, memoryBytesPerGpu: 2 ** 31 },
  walltimeSeconds: { ...script, walltimeSeconds: 3600 },
  exclusive: { ...script, nodes: 2, exclusive: true },
  constraints: { ...script, nodes: 1, constraints: ["fast"] },
  nodelist: { ...script, nodes: 2, nodelist: ["n1", "n2"] },
  excludeNodes: { ...script, nodes: 2, excludeNodes: ["n9"] },
  licenses: { ...script, licenses: [{ name: "ansys", count: 2 }] },
  dependencies: { ...script, dependencies: [{ condition: "afterok", jobs: ["17"] }] },
  array: { ...script, array: { indices: "1-10" } },
  begin: { ...script, begin: { at: "2030-01-01T08:00:00" } },
  hold: { ...script, hold: true },
  requeue: { ...script, requeue: true },
  priority: { ...script, priority: { value: 20, scale: "flux" } },
  signal: { ...script, signal: { name: "USR1", secondsBefore: 120 } },
  mail: { ...script, mail: { user: "me@example.org", events: ["begin", "end"] } },
  output: { ...script, output: "out-%{jobId}.txt", error: "err.txt" },
  error: { ...script, output: "out.txt", error: "err-%{jobId}.txt" },
  input: { ...script, input: "in.txt" },
  workingDirectory: { ...script, workingDirectory: "/work" },
  environment: { ...script, environment: { inherit: "all", variables: { A: "1" } } },
  containerImage: { ...script, containerImage: "example.org/app:1" },
  interpreter: { ...script, interpreter: "/usr/bin/env python3" },
  script,
  command: { command: ["hostname", "-f"], interpreter: "/bin/bash" },
  modules: { ...script, modules: ["gcc"] },
};

function counterpartOf(field: BatchField, to: Dialect): Counterpart {
  const { report } = writeBatchJob(samples[field], { to, image: "example.org/app:1" });
  const whys = new Set(report.filter((loss) => loss.field === field).map(({ why }) => why));
  if (whys.has("no counterpart")) return "none";
  return whys.has("approximated") ? "approximated" : "exact";
}

/** One field in every dialect. */
export interface CounterpartRow {
  readonly field: BatchField;
  readonly in: Readonly<Record<Dialect, Counterpart>>;
}

const rowOf = (field: BatchField): Record<Dialect, Counterpart> => ({
  flux: counterpartOf(field, "flux"),
  "flux-jobspec": counterpartOf(field, "flux-jobspec"),
  slurm: counterpartOf(field, "slurm"),
  pbs: counterpartOf(field, "pbs"),
  torque: counterpartOf(field, "torque"),
  lsf: counterpartOf(field, "lsf"),
  oar: counterpartOf(field, "oar"),
  cobalt: counterpartOf(field, "cobalt"),
  moab: counterpartOf(field, "moab"),
  kubernetes: counterpartOf(field, "kubernetes"),
});

/** What each dialect can say of each field, found by writing a small job that has it. */
export const counterparts = (): readonly CounterpartRow[] =>
  BatchField.options.map((field) => ({ field, in: rowOf(field) }));
