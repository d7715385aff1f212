import type { BatchJob, JobEnvironment } from "../batch-job.ts";
import { sayableConstraints } from "../fields/constraints.ts";
import { writeDependency } from "../fields/dependency.ts";
import { writeFluxDuration } from "../fields/duration.ts";
import { pathOrLoss } from "../fields/path-pattern.ts";
import type { PathWords } from "../fields/path-pattern.ts";
import { convertPriority } from "../fields/priority.ts";
import { quoteForShell } from "../script/words.ts";
import { writeScript } from "../write-script.ts";
import { nothing, together } from "../writing.ts";
import type { FieldWriters, Pen } from "../writing.ts";
import { fluxSlots } from "./slots.ts";
import { fluxSentinel } from "./split.ts";

/** Quotes a word as `sh` would, without three quotes in a row: they have a meaning of their own in RFC 36. */
function quoteForFlux(word: string): string {
  if (!/'|"""/.test(word)) return quoteForShell(word);
  const escaped = word.replaceAll(/["\\]/g, String.raw`\$&`);
  return `"${escaped.replaceAll(/'(?=')/g, `'""`)}"`;
}

const option = (name: string, value: string | number): readonly string[] => [
  quoteForFlux(`--${name}=${value}`),
];
const memory = "Flux does not schedule memory: ask for more cores, or for a queue or property with enough.";

function shape(job: BatchJob, pen: Pen): readonly string[] {
  const slots = fluxSlots(job, pen);
  if (slots === undefined) return [];
  return [
    ...(slots.nodes === undefined ? [] : [`-N${slots.nodes}`]),
    `-n${slots.count}`,
    ...(slots.cores > 1 ? [`-c${slots.cores}`] : []),
    ...(slots.gpus > 0 ? [`-g${slots.gpus}`] : []),
    ...(slots.exclusive ? ["--exclusive"] : []),
  ];
}

/** Placeholders of Flux are mustaches. */
export const fluxPaths: PathWords = { words: { jobId: "{{id}}", jobName: "{{name}}" }, taken: /\{\{/ };

const path =
  (field: "output" | "error" | "input") =>
  (_value: string, pen: Pen, job: BatchJob): readonly string[] => {
    const text = pathOrLoss(field, { job, pen }, fluxPaths);
    return text === undefined ? [] : option(field, text);
  };

function environment({ inherit, names = [], variables = {} }: JobEnvironment, pen: Pen): readonly string[] {
  if (inherit === undefined) pen.approximate("environment", "The rest of the environment is inherited too.");
  return [
    ...(inherit === "none" ? option("env-remove", "*") : inherit === "all" ? option("env", "*") : []),
    ...names.flatMap((name) => option("env", name)),
    ...Object.entries(variables).flatMap(([name, value]) =>
      option("env", `${name}=${value.replaceAll("$", "$$$$")}`),
    ),
  ];
}

/** Constraints as Flux has them. */
export const propertiesOf = (job: BatchJob, pen: Pen): readonly string[] =>
  sayableConstraints(job, pen, { values: "never" });

/** The urgency of a job, 1 to 31. */
export function urgencyOf(value: BatchJob["priority"] & {}, pen: Pen): number {
  if (value.scale !== "flux") pen.approximate("priority", "Priorities of two schedulers do not compare.");
  const level = Math.max(1, Math.min(31, convertPriority(value, "flux")));
  if (value.scale === "flux" && level !== value.value) pen.approximate("priority", "1 to 31 is the range.");
  return level;
}

/** Fields no form of a Flux job can say. */
export const notInFlux = {
  qos: nothing("qos", "There is no quality of service: sites use queues."),
  reservation: nothing("reservation", "There are no reservations by name: ask for a queue."),
  gpuType: nothing("gpuType", "The type of GPU is a property or queue of the site: --requires=NAME."),
  memoryBytes: nothing("memoryBytes", memory),
  memoryBytesPerNode: nothing("memoryBytesPerNode", memory),
  memoryBytesPerTask: nothing("memoryBytesPerTask", memory),
  memoryBytesPerCpu: nothing("memoryBytesPerCpu", memory),
  memoryBytesPerGpu: nothing("memoryBytesPerGpu", memory),
  licenses: nothing("licenses", "There are no licences."),
  array: nothing("array", "A batch job has no array: flux submit --cc=INDICES runs one command many times."),
  requeue: nothing("requeue", "Jobs do not run again by themselves."),
  mail: nothing("mail", "There is no mail: flux job wait-event, or a command at the end of the script."),
  containerImage: nothing("containerImage", "Run the container in the script, with apptainer or podman."),
} as const satisfies Partial<FieldWriters>;

const fields: FieldWriters = {
  ...notInFlux,
  name: (value) => option("job-name", value),
  account: (value) => option("bank", value),
  queue: (value) => option("queue", value),
  nodes: together,
  tasks: together,
  tasksPerNode: together,
  cpusPerTask: together,
  gpus: together,
  gpusPerNode: together,
  gpusPerTask: together,
  exclusive: together,
  walltimeSeconds: (value) => [`-t${writeFluxDuration(value)}`],
  constraints: (_value, pen, job) => {
    const plain = propertiesOf(job, pen);
    return plain.length === 0 ? [] : option("requires", plain.join(","));
  },
  nodelist: (hosts) => option("requires", `host:${hosts.join(",")}`),
  excludeNodes: (hosts) => option("requires", `-host:${hosts.join(",")}`),
  dependencies: (all) =>
    all.flatMap((each) =>
      each.condition === "singleton"
        ? option("dependency", "singleton")
        : each.jobs.flatMap((job) => option("dependency", writeDependency({ ...each, jobs: [job] }))),
    ),
  begin: (value) =>
    option("begin-time", "at" in value ? value.at.replace("T", " ") : `+${value.afterSeconds}s`),
  hold: (value, pen) => {
    if (!value) pen.lose("hold", "A job that is not held is the default.");
    return value ? option("urgency", 0) : [];
  },
  priority: (value, pen, { hold }) => {
    if (hold === true) {
      pen.lose("priority", "The urgency holds the job, and cannot say more.");
      return [];
    }
    return option("urgency", urgencyOf(value, pen));
  },
  signal: ({ name, secondsBefore, batchShell }, pen) => {
    if (secondsBefore === undefined || batchShell === true) {
      pen.approximate("signal", "The signal comes to the whole job, 60 seconds before the end unless said.");
    }
    return option("signal", `${name}@${secondsBefore ?? 60}s`);
  },
  output: path("output"),
  error: path("error"),
  input: path("input"),
  workingDirectory: (value) => option("cwd", value),
  environment,
  interpreter: together,
  script: together,
  command: together,
  modules: together,
};

/** Writes a script for `flux batch`. */
export const writeFlux = (job: BatchJob, pen: Pen): string =>
  writeScript(job, pen, {
    prefix: "#flux: ",
    rules: { sentinel: fluxSentinel },
    everywhere: true,
    fields,
    joint: shape,
  });
