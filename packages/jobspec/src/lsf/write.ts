import type { BatchField, BatchJob, JobEnvironment, Mail } from "../batch-job.ts";
import { writeArray } from "../fields/array.ts";
import { writeHoursMinutes } from "../fields/duration.ts";
import { isOneHost } from "../fields/hosts.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import { convertPriority } from "../fields/priority.ts";
import { completeShape, hasShape } from "../fields/shape.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { lsfDirectives } from "./read.ts";
import { gpuText, requirementText } from "./requirement-text.ts";

function option(name: string, value: string, [field, pen]: readonly [BatchField, Pen]): readonly string[] {
  if (/^[\w@%+=:,./-]+$/.test(value)) return [`${name} ${value}`];
  if (!/["\\$`]/.test(value)) return [`${name} "${value}"`];
  if (!value.includes("'")) return [`${name} '${value}'`];
  pen.lose(field, "No quoting in a directive says this value.");
  return [];
}
const text =
  (name: string, field: BatchField) =>
  (value: string, pen: Pen): readonly string[] =>
    option(name, value, [field, pen]);

function shape(job: BatchJob, pen: Pen): readonly string[] {
  const requirement = requirementText(job, pen);
  const gpu = gpuText(job, pen);
  const { nodes, tasks } = completeShape(job);
  if (nodes !== undefined && tasks < nodes) {
    pen.approximate("tasks", "A node has at least one task.", ["tasksPerNode", "nodes"]);
  }
  return [
    ...(hasShape(job) ? [`-n ${Math.max(tasks, nodes ?? 1)}`] : []),
    ...(requirement === "" ? [] : [`-R "${requirement}"`]),
    ...(gpu === "" ? [] : [`-gpu "${gpu}"`]),
  ];
}

/** The name, with the array in it. */
function nameAndArray(job: BatchJob, pen: Pen): readonly string[] {
  const { name, array } = job;
  if (name === undefined && array === undefined) return [];
  const unquotable = name !== undefined && name.includes("'") && /["\\$`]/.test(name);
  const plain = (name ?? "job").replaceAll(unquotable ? /[[\]%'"\\$`]/g : /[[\]%]/g, "_");
  if (name === undefined) pen.add("name", "An array has to have a name.");
  else if (plain !== name)
    pen.approximate("name", "Brackets and % are for arrays, and no quoting says both kinds of quotes.");
  const { maxConcurrent, ...rest } = array ?? { indices: "" };
  const indices =
    array === undefined ? "" : `[${writeArray(rest)}]${maxConcurrent ? `%${maxConcurrent}` : ""}`;
  return option("-J", `${plain}${indices}`, ["name", pen]);
}

const path =
  (name: string, field: "output" | "error" | "input") =>
  (value: string, pen: Pen, job: BatchJob): readonly string[] => {
    const { array } = job;
    const words = { jobId: "%J", arrayIndex: "%I", ...(array === undefined ? {} : { arrayJobId: "%J" }) };
    const text = pathOrLoss(field, { job, pen }, { words, taken: /%[JI]/ });
    if (text !== undefined && array !== undefined && value.includes("%{jobId}")) {
      pen.approximate(field, "%J is the id of the array: add %I for the element.");
    }
    return text === undefined ? [] : option(name, text, [field, pen]);
  };

const conditions = { afterok: "done", afterany: "ended", afternotok: "exit", after: "started" } as const;
function dependencies(all: BatchJob["dependencies"] & {}, pen: Pen): readonly string[] {
  const terms = all.flatMap((each) =>
    each.condition === "singleton" ? [] : each.jobs.map((job) => `${conditions[each.condition]}(${job})`),
  );
  if (all.some(({ condition }) => condition === "singleton"))
    pen.lose("dependencies", "There is no singleton here.");
  return terms.length === 0 ? [] : [`-w "${terms.join(" && ")}"`];
}

function mail({ user, events }: Mail, pen: Pen): readonly string[] {
  if (events.some((event) => event !== "begin" && event !== "end")) {
    pen.lose("mail", "Mail comes at the begin (-B) and at the end (-N), whose report says how it ended.");
  }
  if (events.length === 0 && user === undefined)
    pen.approximate("mail", "No mail of its own unless asked for.");
  return [
    ...(events.includes("begin") ? ["-B"] : []),
    ...(events.includes("end") ? ["-N"] : []),
    ...(user === undefined ? [] : option("-u", user, ["mail", pen])),
  ];
}

function environment({ inherit, names = [], variables = {} }: JobEnvironment, pen: Pen): readonly string[] {
  const values = Object.entries(variables).flatMap(([name, value]) => {
    if (!/[,'"]/.test(value)) return [`${name}=${value}`];
    if (!value.includes("'")) return [`${name}='${value}'`];
    pen.lose("environment", `The list of -env cannot hold the quotes in the value of ${name}.`);
    return [];
  });
  if (inherit === undefined) pen.approximate("environment", "The rest of the environment is inherited too.");
  const list = [...names, ...values];
  const head = inherit === "none" ? (list.length === 0 ? ["none"] : []) : ["all"];
  return option("-env", [...head, ...list].join(","), ["environment", pen]);
}

const fields: FieldWriters = {
  name: together,
  account: text("-P", "account"),
  queue: text("-q", "queue"),
  qos: nothing("qos", "There is no quality of service: sites use queues and service classes (-sla)."),
  reservation: text("-U", "reservation"),
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: together,
  gpusPerNode: together,
  gpusPerTask: together,
  gpuType: together,
  memoryBytes: together,
  memoryBytesPerNode: together,
  memoryBytesPerTask: together,
  memoryBytesPerCpu: together,
  memoryBytesPerGpu: together,
  constraints: together,
  excludeNodes: together,
  licenses: together,
  array: together,
  walltimeSeconds: (value, pen) => {
    if (value % 60 !== 0)
      pen.approximate("walltimeSeconds", "LSF counts in minutes and this was rounded up.");
    return [`-W ${writeHoursMinutes(value)}`];
  },
  exclusive: (value, pen) => {
    if (!value) pen.lose("exclusive", "Whether hosts are shared is the queue's default.");
    return value ? ["-x"] : [];
  },
  nodelist: (hosts, pen, job) => {
    if (!hosts.every(isOneHost)) {
      pen.lose("nodelist", "Hosts are named one by one, without brackets.");
      return [];
    }
    if (completeShape(job).nodes !== hosts.length) {
      pen.approximate("nodelist", "LSF takes as many of these hosts as it needs, not all of them.");
    }
    return option("-m", hosts.join(" "), ["nodelist", pen]);
  },
  dependencies,
  begin: (value, pen) => {
    if ("afterSeconds" in value) {
      pen.lose("begin", "A delay needs the date of submission: -b takes a date.");
      return [];
    }
    if (!value.at.endsWith("00")) pen.approximate("begin", "-b counts in minutes.");
    return [`-b ${value.at.slice(0, 16).replaceAll(/[-T]/g, ":")}`];
  },
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? ["-H"] : [];
  },
  requeue: (value) => [value ? "-r" : "-rn"],
  priority: (value, pen) => {
    if (value.scale !== "lsf") pen.approximate("priority", "Priorities of two schedulers do not compare.");
    return [`-sp ${Math.max(1, convertPriority(value, "lsf"))}`];
  },
  signal: ({ name, secondsBefore = 60, batchShell }, pen, { signal }) => {
    const exact = signal?.secondsBefore !== undefined && secondsBefore % 60 === 0 && batchShell === undefined;
    if (!exact)
      pen.approximate("signal", "The warning comes whole minutes before the end, to all processes.");
    return [`-wa ${name}`, `-wt ${Math.ceil(secondsBefore / 60)}`];
  },
  mail,
  output: path("-o", "output"),
  error: path("-e", "error"),
  input: path("-i", "input"),
  workingDirectory: text("-cwd", "workingDirectory"),
  environment,
  containerImage: nothing(
    "containerImage",
    "Containers belong to an application profile of the site (-app).",
  ),
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

/** Writes a script for bsub, to be given on its standard input. */
export const writeLsf = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#BSUB ",
    rules: lsfDirectives,
    everywhere: true,
    fields,
    joint: (job, pen) => [...nameAndArray(job, pen), ...shape(job, pen)],
  });
