import type { BatchField, BatchJob, JobEnvironment } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import { writeClock } from "../fields/duration.ts";
import { isOneHost } from "../fields/hosts.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { cobaltDirectives } from "./read.ts";

/** Directives are split at blanks and know no quotes. */
function option(name: string, value: string, [field, pen]: readonly [BatchField, Pen]): readonly string[] {
  if (/^[\w@%+=:,./$^~-]+$/.test(value)) return [`${name} ${value}`];
  pen.lose(field, "A directive has no quotes to say this value with.");
  return [];
}
const text =
  (name: string, field: BatchField) =>
  (value: string, pen: Pen): readonly string[] =>
    option(name, value, [field, pen]);

const path =
  (name: string, field: "output" | "error" | "input") =>
  (_value: string, pen: Pen, job: BatchJob): readonly string[] => {
    const text = pathOrLoss(field, { job, pen }, { words: { jobId: "$jobid" }, taken: /\$\{?jobid/i });
    return text === undefined ? [] : option(name, text, [field, pen]);
  };

function shape(job: BatchJob, pen: Pen): readonly string[] {
  const { nodes, tasks, cpusPerTask } = completeShape(job);
  if (!hasShape(job)) return [];
  if (cpusPerTask > 1)
    pen.lose("cpusPerTask", "Nodes are whole: give the threads to aprun or mpirun in the script.");
  if (nodes === undefined)
    pen.approximate("tasks", "The number of nodes is left open and must be said: 1.", ["nodes"]);
  return [`-n ${nodes ?? 1}`, ...(tasks === nodes ? [] : [`--proccount ${tasks}`])];
}

function attributes(job: BatchJob, pen: Pen): readonly string[] {
  const valued = sayableConstraints(job, pen, { reserved: /^(?:location|gpu_type)$/, values: "always" });
  const hosts = job.nodelist ?? [];
  if (!hosts.every(isOneHost)) pen.lose("nodelist", "Nodes are named one by one, without brackets.");
  const parts = [
    ...(job.gpuType === undefined ? [] : [`gpu_type=${job.gpuType}`]),
    ...(hosts.length > 0 && hosts.every(isOneHost) ? [`location=${hosts.join(",")}`] : []),
    ...valued,
  ];
  return parts.length === 0 ? [] : option("--attrs", parts.join(":"), ["constraints", pen]);
}

function dependencies(all: BatchJob["dependencies"] & {}, pen: Pen): readonly string[] {
  const jobs = all.flatMap((each) => (each.condition === "singleton" ? [] : each.jobs));
  if (all.some(({ condition }) => condition === "singleton"))
    pen.lose("dependencies", "There is no singleton here.");
  if (all.some(({ condition }) => condition !== "afterok")) {
    pen.approximate("dependencies", "The job starts when the others have ended well.");
  }
  return jobs.length === 0 ? [] : option("--dependencies", jobs.join(":"), ["dependencies", pen]);
}

function environment({ inherit, names = [], variables = {} }: JobEnvironment, pen: Pen): readonly string[] {
  if (inherit !== undefined || names.length > 0)
    pen.lose("environment", "Only variables with values can be given.");
  const plain = Object.entries(variables).filter(([, value]) => /^[\w@%+,./~-]*$/.test(value));
  if (plain.length < Object.keys(variables).length)
    pen.lose("environment", "--env cannot hold some of the values.");
  return plain.length === 0 ? [] : [`--env ${plain.map(([name, value]) => `${name}=${value}`).join(":")}`];
}

const memory = "Nodes are whole, with all their memory.";
const gpus = "Nodes are whole, with all their GPUs.";
const fields: FieldWriters = {
  name: (value, pen) => {
    const plain = value.replaceAll(/[^\w.+-]/g, "_").replace(/^-/, "_");
    if (plain !== value) pen.approximate("name", "Names have letters, digits and _.+- only.");
    return [`--jobname ${plain}`];
  },
  account: text("-A", "account"),
  queue: text("-q", "queue"),
  qos: nothing("qos", "There is no quality of service: sites use queues."),
  reservation: nothing("reservation", "A reservation is a queue of its own: -q R.NAME."),
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: nothing("gpus", gpus),
  gpusPerNode: nothing("gpusPerNode", gpus),
  gpusPerTask: nothing("gpusPerTask", gpus),
  gpuType: together,
  memoryBytes: nothing("memoryBytes", memory),
  memoryBytesPerNode: nothing("memoryBytesPerNode", memory),
  memoryBytesPerTask: nothing("memoryBytesPerTask", memory),
  memoryBytesPerCpu: nothing("memoryBytesPerCpu", memory),
  memoryBytesPerGpu: nothing("memoryBytesPerGpu", memory),
  walltimeSeconds: (value) => [`-t ${writeClock(value)}`],
  exclusive: (value, pen) => {
    if (value) pen.approximate("exclusive", "Nodes are always whole: nothing is written.");
    else pen.lose("exclusive", "Nodes are always whole.");
    return [];
  },
  constraints: together,
  nodelist: together,
  excludeNodes: nothing("excludeNodes", "There is no way to keep nodes out."),
  licenses: nothing("licenses", "There are no licences."),
  dependencies,
  array: nothing("array", "There are no arrays: submit the job once for each index."),
  begin: nothing("begin", "There is no earliest start."),
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? ["-h"] : [];
  },
  requeue: nothing("requeue", "Whether jobs run again is a matter of the machine."),
  priority: nothing("priority", "There is no priority of a job."),
  signal: nothing("signal", "There is no warning before the time limit."),
  mail: ({ user, events }, pen) => {
    const usual = events.length === 2 && events[0] === "begin" && events[1] === "end";
    if (user === undefined) pen.lose("mail", "-M needs an address.");
    else if (!usual) pen.approximate("mail", "Mail comes at the begin and at the end.");
    return user === undefined ? [] : option("-M", user, ["mail", pen]);
  },
  output: path("-o", "output"),
  error: path("-e", "error"),
  input: path("-i", "input"),
  workingDirectory: text("--cwd", "workingDirectory"),
  environment,
  containerImage: nothing("containerImage", "Run the container in the script, with apptainer."),
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

/** Writes a script for Cobalt's qsub. */
export const writeCobalt = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#COBALT ",
    rules: cobaltDirectives,
    fields,
    joint: (job, pen) => [...shape(job, pen), ...attributes(job, pen)],
  });
