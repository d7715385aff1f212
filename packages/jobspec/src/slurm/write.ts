import type { BatchJob, Mail } from "../batch-job.ts";
import { writeArray } from "../fields/array.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import { scriptOf } from "../fields/command-line.ts";
import { writeDependency } from "../fields/dependency.ts";
import { writeSlurmTime } from "../fields/duration.ts";
import { countHosts } from "../fields/hosts.ts";
import { completeShape } from "../fields/shape.ts";
import { writePath } from "../fields/path-pattern.ts";
import { convertPriority } from "../fields/priority.ts";
import { quoteForSlurm } from "../script/words.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { writeExport } from "./export.ts";
import { writeMemoryOption } from "./memory.ts";
import { slurmDirectives } from "./read.ts";

const option = (name: string, value: string | number): readonly string[] => [
  `--${name}=${quoteForSlurm(String(value))}`,
];
const pathWords = {
  jobId: "%j",
  jobName: "%x",
  arrayJobId: "%A",
  arrayIndex: "%a",
  user: "%u",
  node: "%N",
} as const;
const path = (name: string, value: string): readonly string[] => {
  // With a backslash in it Slurm takes no placeholder: the path has none that would matter.
  const written = writePath(value, { words: pathWords, literal: (text) => text.replaceAll("%", "%%") });
  return option(name, written.text);
};
const gpus =
  (name: string) =>
  (count: number, _pen: Pen, { gpuType }: BatchJob): readonly string[] =>
    option(name, gpuType === undefined ? count : `${gpuType}:${count}`);

const mailTypes: Readonly<Record<Mail["events"][number], string>> = {
  begin: "BEGIN",
  end: "END",
  fail: "FAIL",
  requeue: "REQUEUE",
  timeLimit: "TIME_LIMIT",
};
const mail = ({ user, events }: Mail): string[] => [
  ...option("mail-type", events.length === 0 ? "NONE" : events.map((event) => mailTypes[event]).join(",")),
  ...(user === undefined ? [] : option("mail-user", user)),
];

function constraints(_features: readonly string[], pen: Pen, job: BatchJob): readonly string[] {
  const plain = sayableConstraints(job, pen, { values: "never" });
  return plain.length === 0 ? [] : option("constraint", plain.join("&"));
}

const fields: FieldWriters = {
  name: (value) => option("job-name", value),
  account: (value) => option("account", value),
  queue: (value) => option("partition", value),
  qos: (value) => option("qos", value),
  reservation: (value) => option("reservation", value),
  nodes: (value, pen, { tasks = value }) => {
    if (tasks < value) pen.approximate("nodes", "Slurm takes no more nodes than there are tasks.");
    return option("nodes", Math.min(tasks, value));
  },
  tasks: (value) => option("ntasks", value),
  tasksPerNode: (value) => option("ntasks-per-node", value),
  cpusPerTask: (value) => option("cpus-per-task", value),
  gpus: gpus("gpus"),
  gpusPerNode: gpus("gpus-per-node"),
  gpusPerTask: gpus("gpus-per-task"),
  gpuType: (_value, pen, job) => {
    if ((job.gpus ?? job.gpusPerNode ?? job.gpusPerTask) === undefined) {
      pen.lose("gpuType", "The job asks for no GPU whose type it could be.");
    }
    return [];
  },
  memoryBytes: together,
  memoryBytesPerNode: together,
  memoryBytesPerTask: together,
  memoryBytesPerCpu: together,
  memoryBytesPerGpu: together,
  walltimeSeconds: (value) => option("time", writeSlurmTime(value)),
  exclusive: (value, pen) => {
    if (!value) pen.lose("exclusive", "Whether nodes are shared is the partition's default.");
    return value ? ["--exclusive"] : [];
  },
  constraints,
  nodelist: (hosts, pen, job) => {
    const { nodes, tasks } = completeShape(job);
    const named = hosts.reduce((sum, host) => sum + countHosts(host), 0);
    if (named <= (nodes ?? tasks)) return option("nodelist", hosts.join(","));
    pen.lose("nodelist", "Slurm takes all of the nodes that are named, and these are more than the job has.");
    return [];
  },
  excludeNodes: (hosts) => option("exclude", hosts.join(",")),
  licenses: (all) => option("licenses", all.map(({ name, count }) => `${name}:${count}`).join(",")),
  dependencies: (all) => option("dependency", all.map(writeDependency).join(",")),
  array: (value) => option("array", writeArray(value)),
  begin: (value) => option("begin", "at" in value ? value.at : `now+${value.afterSeconds}seconds`),
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? ["--hold"] : [];
  },
  requeue: (value) => [value ? "--requeue" : "--no-requeue"],
  priority: (value, pen) => {
    if (value.scale === "slurm") return option("priority", value.value);
    if (value.scale !== "slurm-nice")
      pen.approximate("priority", "Priorities of two schedulers do not compare.");
    return option("nice", convertPriority(value, "slurm-nice"));
  },
  signal: ({ name, secondsBefore, batchShell }) =>
    option("signal", `${batchShell === true ? "B:" : ""}${name}${secondsBefore ? `@${secondsBefore}` : ""}`),
  mail,
  output: (value) => path("output", value),
  error: (value) => path("error", value),
  input: (value) => path("input", value),
  workingDirectory: (value) => option("chdir", value),
  environment: writeExport,
  containerImage: nothing("containerImage", "Only the Pyxis plugin has it: --container-image."),
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

/** sbatch reads directives of PBS and LSF too, anywhere in a script, unless it is told not to. */
export const otherDirective = /^#(?:PBS|BSUB)\s/m;

/** Writes a script for sbatch. */
export const writeSlurm = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#SBATCH ",
    rules: slurmDirectives,
    fields,
    joint: (job, pen) => [
      ...writeMemoryOption(job, pen),
      ...(otherDirective.test(scriptOf(job)) ? ["--ignore-pbs"] : []),
    ],
  });
