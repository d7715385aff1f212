import type { BatchJob, JobArray, Mail } from "../batch-job.ts";
import { arraySize, rangesOf } from "../fields/array.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import { quoteForShell } from "../script/words.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { oarDirectives } from "./read.ts";
import { propertyText, resourceText } from "./resource-text.ts";
import { signalNumbers } from "./signals.ts";

const path =
  (name: string, field: "output" | "error") =>
  (_value: string, pen: Pen, job: BatchJob): readonly string[] => {
    const words = { jobId: "%jobid%", jobName: "%jobname%" };
    const text = pathOrLoss(field, { job, pen }, { words, taken: /%job(?:id|name)%/i });
    return text === undefined ? [] : [`${name} ${quoteForShell(text)}`];
  };

function array(value: JobArray, pen: Pen): readonly string[] {
  const [range, ...more] = rangesOf(value);
  const exact = range?.first === 1 && range.step === 1 && more.length === 0;
  if (!exact) pen.approximate("array", "Indices begin at 1 and have no gaps: compute yours in the script.");
  if (value.maxConcurrent !== undefined) pen.approximate("array", "How many run at once cannot be said.");
  return [`--array ${arraySize(value)}`];
}

function dependencies(all: BatchJob["dependencies"] & {}, pen: Pen): readonly string[] {
  if (all.some(({ condition }) => condition === "singleton"))
    pen.lose("dependencies", "There is no singleton here.");
  else if (all.some(({ condition }) => condition !== "afterany")) {
    pen.approximate("dependencies", "The job starts when the other has ended, whatever came of it.");
  }
  return all.flatMap((each) => (each.condition === "singleton" ? [] : each.jobs.map((job) => `-a ${job}`)));
}

const eventNames: Readonly<Partial<Record<Mail["events"][number], string>>> = {
  begin: "BEGIN",
  end: "END",
  fail: "ERROR",
};
function mail({ user, events }: Mail, pen: Pen): readonly string[] {
  const names = events.flatMap((event) => eventNames[event] ?? []);
  if (names.length < events.length) pen.lose("mail", "Mail comes on BEGIN, END and ERROR.");
  if (user === undefined || names.length === 0) {
    pen.lose("mail", "--notify needs an address and an event.");
    return [];
  }
  return [`--notify ${quoteForShell(`[${names.join(",")}]mail:${user}`)}`];
}

const fields: FieldWriters = {
  name: (value) => [`-n ${quoteForShell(value)}`],
  account: (value) => [`--project ${quoteForShell(value)}`],
  queue: (value) => [`-q ${quoteForShell(value)}`],
  qos: nothing("qos", "There is no quality of service: sites use queues."),
  reservation: (value) => [`-t ${quoteForShell(`inner=${value}`)}`],
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: together,
  gpusPerNode: together,
  gpusPerTask: together,
  gpuType: together,
  memoryBytes: nothing(
    "memoryBytes",
    "Memory comes with the cores: ask for more of them, or for a property.",
  ),
  memoryBytesPerNode: nothing(
    "memoryBytesPerNode",
    "Memory comes with the cores: ask for more, or for a property.",
  ),
  memoryBytesPerTask: nothing(
    "memoryBytesPerTask",
    "Memory comes with the cores: ask for more, or for a property.",
  ),
  memoryBytesPerCpu: nothing(
    "memoryBytesPerCpu",
    "Memory comes with the cores: ask for more, or for a property.",
  ),
  memoryBytesPerGpu: nothing(
    "memoryBytesPerGpu",
    "Memory comes with the cores: ask for more, or for a property.",
  ),
  walltimeSeconds: together,
  exclusive: (value, pen) => {
    if (!value) pen.lose("exclusive", "Whether nodes are shared follows from what is asked for.");
    return [];
  },
  constraints: together,
  nodelist: together,
  excludeNodes: together,
  licenses: nothing("licenses", "Licences are resources a site names itself."),
  dependencies,
  array,
  begin: (value, pen) => {
    if ("at" in value) {
      pen.approximate("begin", "An advance reservation: it starts at that time, or is refused.");
      return [`-r '${value.at.replace("T", " ")}'`];
    }
    pen.lose("begin", "A delay needs the date of submission: -r takes a date.");
    return [];
  },
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? ["-h"] : [];
  },
  requeue: (value, pen) => {
    if (!value) pen.lose("requeue", "A job is not run again unless it is idempotent.");
    return value ? ["-t idempotent"] : [];
  },
  priority: nothing("priority", "There is no priority of a job: sites use queues."),
  signal: ({ name, secondsBefore, batchShell }, pen) => {
    const number = signalNumbers[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
    if (number === undefined) {
      pen.lose("signal", "Signals are given by number, and this one has none here.");
      return [];
    }
    if (secondsBefore === undefined || batchShell === true) {
      pen.approximate("signal", "The signal comes to all processes, 60 seconds before the end unless said.");
    }
    return [`--checkpoint ${secondsBefore ?? 60}`, `--signal ${number}`];
  },
  mail,
  output: path("-O", "output"),
  error: path("-E", "error"),
  input: nothing("input", "Batch jobs have no standard input: redirect it in the script."),
  workingDirectory: (value) => [`-d ${quoteForShell(value)}`],
  environment: nothing("environment", "The environment is not carried: export it in the script."),
  containerImage: nothing("containerImage", "Run the container in the script, with apptainer or podman."),
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

/** Writes a script for oarsub --scanscript. */
export const writeOar = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#OAR ",
    rules: oarDirectives,
    everywhere: true,
    fields,
    joint: (job, pen) => [...resourceText(job, pen), ...propertyText(job, pen)],
  });
