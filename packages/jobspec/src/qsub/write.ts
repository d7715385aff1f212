import type { BatchField, BatchJob, JobEnvironment, Mail } from "../batch-job.ts";
import { writeCompactDate } from "../fields/begin.ts";
import { writeDependency } from "../fields/dependency.ts";
import { writeClock } from "../fields/duration.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import type { PathWords } from "../fields/path-pattern.ts";
import { convertPriority } from "../fields/priority.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { qsubName, quoteForQsub } from "./quote.ts";

/** An option of qsub; a value that cannot be quoted is reported and left out. */
export function option(
  name: string,
  value: string,
  [field, pen]: readonly [BatchField, Pen],
): readonly string[] {
  const quoted = quoteForQsub(value);
  if (quoted === undefined) pen.lose(field, "No quoting in a directive says this value.");
  return quoted === undefined ? [] : [`${name} ${quoted}`];
}

const text =
  (name: string, field: BatchField) =>
  (value: string, pen: Pen): readonly string[] =>
    option(name, value, [field, pen]);

const letters: Readonly<Partial<Record<Mail["events"][number], string>>> = {
  begin: "b",
  end: "e",
  fail: "a",
};
function mail({ user, events }: Mail, pen: Pen): readonly string[] {
  const known = events.flatMap((event) => letters[event] ?? []);
  if (known.length < events.length)
    pen.lose("mail", "Mail on requeue or on the time limit: a, b and e are all there is.");
  return [
    ...(known.length > 0 || events.length === 0 ? [`-m ${known.length === 0 ? "n" : known.join("")}`] : []),
    ...(user === undefined ? [] : option("-M", user, ["mail", pen])),
  ];
}

function variable([name, value]: readonly [string, string], pen: Pen): readonly string[] {
  if (!/[,'"]/.test(value)) return [`${name}=${value}`];
  if (!value.includes('"')) return [`${name}="${value}"`];
  if (!value.includes("'")) return [`${name}='${value}'`];
  pen.lose("environment", `The list of -v cannot hold the quotes in the value of ${name}.`);
  return [];
}

function environment({ inherit, names = [], variables = {} }: JobEnvironment, pen: Pen): readonly string[] {
  if (inherit === "none") pen.approximate("environment", "Nothing is inherited unless -V asks for it.");
  const list = [...names, ...Object.entries(variables).flatMap((entry) => variable(entry, pen))];
  return [
    ...(inherit === "all" ? ["-V"] : []),
    ...(list.length === 0 ? [] : option("-v", list.join(","), ["environment", pen])),
  ];
}

/** The path of an output file, in the words of one command. */
export const path =
  (field: "output" | "error", words: PathWords["words"]) =>
  (_value: string, pen: Pen, job: BatchJob): readonly string[] => {
    const text = pathOrLoss(field, { job, pen }, { words, taken: /\$|\^array_index\^|^[\w.-]*:/ });
    if (text === undefined) return [];
    const join = field === "output" && job.error === undefined ? ["-j oe"] : [];
    return [...join, ...option(field === "output" ? "-o" : "-e", text, [field, pen])];
  };

function dependencies(all: BatchJob["dependencies"] & {}, pen: Pen): readonly string[] {
  const known = all.filter(({ condition }) => condition !== "singleton");
  if (known.length < all.length) pen.lose("dependencies", "There is no singleton here.");
  return known.length === 0 ? [] : [`-W depend=${known.map(writeDependency).join(",")}`];
}

function name(value: string, pen: Pen): readonly string[] {
  const plain = qsubName(value);
  if (plain !== value) pen.approximate("name", "Names have letters, digits and _.+- only.");
  return [`-N ${plain}`];
}

/** What qsub of PBS Pro, of Torque and msub write alike. */
export const qsubFields = {
  name,
  account: text("-A", "account"),
  queue: text("-q", "queue"),
  walltimeSeconds: (value) => [`-l walltime=${writeClock(value)}`],
  dependencies,
  begin: (value, pen) => {
    if ("at" in value) return [`-a ${writeCompactDate(value.at)}`];
    pen.lose("begin", "A delay needs the date of submission: -a takes a date.");
    return [];
  },
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? ["-h"] : [];
  },
  requeue: (value) => [`-r ${value ? "y" : "n"}`],
  priority: (value, pen) => {
    if (value.scale !== "pbs") pen.approximate("priority", "Priorities of two schedulers do not compare.");
    const level = Math.max(-1024, Math.min(1023, convertPriority(value, "pbs")));
    if (value.scale === "pbs" && level !== value.value)
      pen.approximate("priority", "-1024 to 1023 is the range.");
    return [`-p ${level}`];
  },
  mail,
  environment,
  input: nothing("input", "Batch jobs have no standard input: redirect it in the script."),
  licenses: nothing("licenses", "Licences are resources a site names itself."),
  containerImage: nothing("containerImage", "Run the container in the script, with apptainer or podman."),
  excludeNodes: nothing("excludeNodes", "There is no way to keep hosts out."),
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
  nodelist: together,
  interpreter: together,
  script: together,
  command: together,
  modules: together,
} as const satisfies Partial<FieldWriters>;
