import type { BatchJob, JobEnvironment, JobSignal } from "../batch-job.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import { fluxSlots } from "../flux/slots.ts";
import type { Slots } from "../flux/slots.ts";
import { fluxPaths, notInFlux, propertiesOf } from "../flux/write.ts";
import { signalNumbers } from "../oar/signals.ts";
import { nothing, together, writeFields } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import type { Fields } from "./json.ts";

const oneSlot: Slots = { nodes: undefined, count: 1, cores: 1, gpus: 0, exclusive: false };

function resources({ nodes, count, cores, gpus, exclusive }: Slots): Fields[] {
  const within = [{ type: "core", count: cores }, ...(gpus > 0 ? [{ type: "gpu", count: gpus }] : [])];
  const slot = (each: number): Fields => ({ type: "slot", count: each, label: "task", with: within });
  if (nodes === undefined) return [slot(count)];
  // Slots are equal on all nodes; tasks may be fewer (total).
  const each = Math.ceil(count / nodes);
  return [{ type: "node", count: nodes, ...(exclusive ? { exclusive } : {}), with: [slot(each)] }];
}

/** One task in each slot, unless the slots of all nodes are more than the tasks. */
const taskCount = ({ nodes = 1, count }: Slots): Fields =>
  count % nodes === 0 ? { per_slot: 1 } : { total: count };

function environmentOf(value: JobEnvironment, pen: Pen): Fields {
  if (value.inherit === "all" || (value.names ?? []).length > 0) {
    pen.lose("environment", "What is inherited is not known here: flux submit --env copies it.");
  } else if (value.inherit === undefined) {
    pen.approximate("environment", "A jobspec holds the whole environment: nothing else is inherited.");
  }
  return { environment: value.variables ?? {} };
}

function constraintsOf(job: BatchJob, pen: Pen): Fields {
  const properties = propertiesOf(job, pen);
  const all = [
    ...(properties.length === 0 ? [] : [{ properties }]),
    ...(job.nodelist === undefined ? [] : [{ hostlist: job.nodelist }]),
    ...(job.excludeNodes === undefined ? [] : [{ not: [{ hostlist: job.excludeNodes }] }]),
  ];
  if (all.length === 0) return {};
  return { constraints: all.length === 1 ? all[0] : { and: all } };
}

function pathOf(job: BatchJob, pen: Pen, field: "output" | "error" | "input"): Fields | undefined {
  const path = job[field] === undefined ? undefined : pathOrLoss(field, { job, pen }, fluxPaths);
  return path === undefined ? undefined : { type: "file", path };
}

function signalOf({ name, secondsBefore, batchShell }: JobSignal, pen: Pen): Fields {
  const signum = signalNumbers[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  if (signum === undefined) {
    pen.lose("signal", "Signals are given by number, and this one has none here.");
    return {};
  }
  if (secondsBefore === undefined || batchShell === true) {
    pen.approximate("signal", "The signal comes to the whole job, 60 seconds before the end unless said.");
  }
  return { signal: { signum, timeleft: secondsBefore ?? 60 } };
}

function shellOf(job: BatchJob, pen: Pen): Fields {
  const [stdout, stderr, stdin] = (["output", "error", "input"] as const).map((field) =>
    pathOf(job, pen, field),
  );
  const output = { ...(stdout === undefined ? {} : { stdout }), ...(stderr === undefined ? {} : { stderr }) };
  const options = {
    // A batch script starts one broker on each node and is no MPI program.
    ...(job.script === undefined ? {} : { "per-resource": { type: "node" }, mpi: "none" }),
    ...(Object.keys(output).length === 0 ? {} : { output }),
    ...(stdin === undefined ? {} : { input: { stdin } }),
    ...(job.signal === undefined ? {} : signalOf(job.signal, pen)),
  };
  return Object.keys(options).length === 0 ? {} : { shell: { options } };
}

function dependenciesOf(job: BatchJob, pen: Pen): Fields {
  const { begin, dependencies = [] } = job;
  if (begin !== undefined && "afterSeconds" in begin) {
    pen.lose("begin", "A delay needs the time of submission: flux submit --begin-time says it.");
  } else if (begin !== undefined) pen.approximate("begin", "A jobspec holds a point in time: read as UTC.");
  const list = [
    ...dependencies.flatMap((each) =>
      each.condition === "singleton"
        ? [{ scheme: "singleton", value: "" }]
        : each.jobs.map((value) => ({ scheme: each.condition, value })),
    ),
    ...(begin !== undefined && "at" in begin
      ? [{ scheme: "begin-time", value: String(Date.parse(`${begin.at}Z`) / 1000) }]
      : []),
  ];
  return list.length === 0 ? {} : { dependencies: list };
}

function filesOf(job: BatchJob, pen: Pen): Fields {
  if (job.script === undefined) return {};
  if (job.interpreter === undefined) pen.add("interpreter", "The source names no shell: /bin/bash.");
  const data = `#!${job.interpreter ?? "/bin/bash"}\n${job.script}`;
  return { files: { script: { mode: 0o100755, data, encoding: "utf-8" } } };
}

const submitted = "It is no part of a jobspec: give it to flux submit --urgency.";
const fields: FieldWriters = {
  ...notInFlux,
  priority: nothing("priority", submitted),
  hold: nothing("hold", submitted),
  name: together,
  account: together,
  queue: together,
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: together,
  gpusPerNode: together,
  gpusPerTask: together,
  walltimeSeconds: together,
  exclusive: together,
  constraints: together,
  nodelist: together,
  excludeNodes: together,
  dependencies: together,
  begin: together,
  signal: together,
  output: together,
  error: together,
  input: together,
  workingDirectory: together,
  environment: together,
  interpreter: (_value, pen, job) => {
    if (job.script === undefined) pen.lose("interpreter", "A command has no shell.");
    return [];
  },
  script: together,
  command: (_value, pen, job) => {
    if (job.script !== undefined) pen.lose("command", "The job runs its script.");
    return [];
  },
  modules: together,
};

function systemOf(job: BatchJob, pen: Pen): Fields {
  return {
    duration: job.walltimeSeconds ?? 0,
    ...(job.name === undefined ? {} : { job: { name: job.name } }),
    ...(job.queue === undefined ? {} : { queue: job.queue }),
    ...(job.account === undefined ? {} : { bank: job.account }),
    ...(job.workingDirectory === undefined ? {} : { cwd: job.workingDirectory }),
    ...(job.environment === undefined ? {} : environmentOf(job.environment, pen)),
    ...dependenciesOf(job, pen),
    ...constraintsOf(job, pen),
    ...shellOf(job, pen),
    ...filesOf(job, pen),
  };
}

/** Writes a jobspec of version 1 as JSON. */
export function writeFluxJobspec(job: BatchJob, pen: Pen): string {
  const slots = fluxSlots(job, pen) ?? oneSlot;
  const script = job.script !== undefined;
  if (!script && job.command === undefined) pen.add("command", "The job runs nothing: /bin/true.");
  const command = script ? ["flux", "broker", "{{tmpdir}}/script"] : (job.command ?? ["/bin/true"]);
  writeFields(fields, { job, pen });
  const jobspec = {
    version: 1,
    resources: resources(slots),
    tasks: [{ command, slot: "task", count: taskCount(slots) }],
    attributes: { system: systemOf(job, pen) },
  };
  return `${JSON.stringify(jobspec, undefined, 2)}\n`;
}
