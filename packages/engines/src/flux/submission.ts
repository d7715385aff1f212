import { ParleyError } from "@parley/core";
import type { JobSpec } from "@parley/core";
import { readGpuName } from "../_gpu-models.ts";

const word = /^[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that would change the flux command itself. */
const ofTheCommand = /^(?:FLUX|PYTHON|LD_|LC_|LANG|PATH$|HOME$|NO_COLOR$)/;

const refuse = (message: string): never => {
  throw new ParleyError("E_ENGINE_REFUSED", message);
};

function checked(what: string, value: string): string {
  return word.test(value)
    ? value
    : refuse(`The ${what} ${JSON.stringify(value.slice(0, 80))} is none that Flux could have.`);
}

/** Nodes a job has to name: Flux gives GPUs and whole nodes only by node. */
function nodesOf({
  nodes,
  tasks,
  tasksPerNode,
  gpusPerNode,
  exclusive,
}: JobSpec["resources"]): number | undefined {
  if (nodes !== undefined) return nodes;
  const matters = tasksPerNode !== undefined || gpusPerNode !== undefined || exclusive === true;
  return matters ? Math.ceil((tasks ?? 1) / (tasksPerNode ?? tasks ?? 1)) : undefined;
}

/** Flux gives cores and GPUs to tasks: a job's shape is nodes and tasks, and each task's share. */
function shapeOptions(resources: JobSpec["resources"]): string[] {
  const { coresPerTask, gpusPerNode = 0, exclusive } = resources;
  const nodes = nodesOf(resources);
  const tasks = resources.tasks ?? (nodes ?? 1) * (resources.tasksPerNode ?? 1);
  if (nodes !== undefined && tasks < nodes) {
    refuse(`${tasks} tasks cannot be on ${nodes} nodes: ask for as many tasks as nodes.`);
  }
  const gpusPerTask = (gpusPerNode * (nodes ?? 1)) / tasks;
  if (!Number.isInteger(gpusPerTask)) {
    refuse(
      `${gpusPerNode} GPUs on each node cannot be shared out to ${tasks} tasks: Flux gives whole GPUs to tasks.`,
    );
  }
  return [
    ...(nodes === undefined ? [] : [`-N${nodes}`]),
    `-n${tasks}`,
    ...(coresPerTask === undefined ? [] : [`-c${coresPerTask}`]),
    ...(gpusPerTask > 0 ? [`-g${gpusPerTask}`] : []),
    ...(exclusive === true ? ["--exclusive"] : []),
  ];
}

/** A variable as a rule of `--env`; Flux expands `$` in values. */
const rule = (name: string, value: string): string => `--env=${name}=${value.replaceAll("$", "$$$$")}`;

/** How a job's variables reach it: by name from the command's environment, or written out as a rule. */
export function environmentOptions(
  environment: Readonly<Record<string, string>>,
  takesVariables: boolean,
): { options: string[]; variables: Record<string, string> } {
  const entries = Object.entries(environment);
  const bad = entries.find(([name, value]) => !variableName.test(name) || value.includes("\0"));
  if (bad !== undefined)
    refuse(`The environment variable ${JSON.stringify(bad[0].slice(0, 60))} cannot be passed to a job.`);
  const inherited = entries.filter(([name]) => takesVariables && !ofTheCommand.test(name));
  const written = entries.filter(([name]) => !takesVariables || ofTheCommand.test(name));
  return {
    // Without the first rule a job gets the whole environment, and anyone who may read the job can read it.
    options: [
      "--env=-*",
      ...["PATH", "HOME", "USER"].map((name) => `--env=${name}`),
      ...inherited.map(([name]) => `--env=${name}`),
      ...written.map(([name, value]) => rule(name, value)),
    ],
    variables: Object.fromEntries(inherited),
  };
}

/** A job's name ends in its tag, by which it is found again. */
export const nameEnd = (tag: string): string => `~${tag}`;

const option = (flag: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${flag}=${value}`];

/** The options of `flux submit` but for variables. @throws ParleyError `E_ENGINE_REFUSED` */
export function submitOptions(spec: JobSpec, tag: string): string[] {
  const [program = ""] = spec.command;
  if (
    program === "" ||
    program.startsWith("-") ||
    [...spec.command, spec.directory ?? ""].some((text) => text.includes("\0"))
  ) {
    refuse(
      `The command ${JSON.stringify(program.slice(0, 80))} cannot be run: it is empty, starts with a dash or holds a NUL.`,
    );
  }
  const { gpuModel } = spec.resources;
  const name = (spec.name ?? "parley").replaceAll(/[^A-Za-z0-9._+-]+/g, "-").slice(0, 64);
  return [
    `--job-name=${name}${nameEnd(tag)}`,
    `--setattr=user.parley=${tag}`,
    ...shapeOptions(spec.resources),
    ...option("requires", gpuModel && checked("GPU model", readGpuName(gpuModel).model)),
    // A bare number would be minutes.
    ...option("time-limit", (spec.walltimeSeconds && `${spec.walltimeSeconds}s`) || undefined),
    ...option("queue", spec.queue && checked("queue", spec.queue)),
    ...option("bank", spec.account && checked("account", spec.account)),
    ...option("cwd", spec.directory),
  ];
}
