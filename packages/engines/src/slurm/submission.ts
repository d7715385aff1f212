import { ParleyError } from "@parley/core";
import type { JobSpec } from "@parley/core";
import { readGpuName } from "../_gpu-models.ts";
import type { JobFiles } from "../_job-store.ts";
import { loadArguments } from "../_software-loads.ts";
import { parseGpus } from "./gres.ts";
import { formatSlurmSeconds } from "./walltime.ts";

/** What has to be known of the cluster to write a submission: `sinfo -h -o %P|%c|%m|%G`. */
export interface ClusterShape {
  /** Megabytes that one core gets when the request does not say; absent where the site does not count memory. */
  readonly megabytesPerCore: number | undefined;
  /** GPU types as the site writes them. */
  readonly gpuTypes: readonly string[];
}

/** Reads `sinfo -h -o %P|%c|%m|%G`; nodes of one row may differ, then numbers end in `+`. */
export function parseShape(stdout: string, queue: string | undefined): ClusterShape {
  const rows = stdout.split("\n").map((line) => line.split("|"));
  const wanted = rows.filter(([name = ""]) =>
    queue === undefined ? name.endsWith("*") : name.replace(/\*$/, "") === queue,
  );
  const shares = (wanted.length > 0 ? wanted : rows).flatMap(([, cores = "", memory = ""]) => {
    const share = Math.floor(Number.parseInt(memory, 10) / Number.parseInt(cores, 10));
    return Number.isFinite(share) && share >= 1 ? [share] : [];
  });
  const types = rows.flatMap(([, , , gres = ""]) => parseGpus(gres).map(({ type }) => type));
  return {
    megabytesPerCore: shares.length === 0 ? undefined : Math.min(...shares),
    gpuTypes: [...new Set(types.filter((type) => type !== undefined))],
  };
}

const word = /^[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$/;

/** A name that Slurm could have. @throws ParleyError `E_ENGINE_REFUSED` */
export function checked(what: string, value: string): string {
  if (word.test(value)) return value;
  throw new ParleyError(
    "E_ENGINE_REFUSED",
    `The ${what} ${JSON.stringify(value.slice(0, 80))} is none that Slurm could have.`,
  );
}

/** Checks what Slurm itself would not. @throws ParleyError `E_ENGINE_REFUSED` */
function checkCommand({ command, directory }: JobSpec): void {
  const [program = ""] = command;
  const problem =
    program === "" ? "names no program"
    : program.startsWith("-") ? "starts with a dash"
    : [...command, directory ?? ""].some((text) => text.includes("\0")) ? "holds a NUL"
    : directory !== undefined && !directory.startsWith("/") ? "has a directory that is not absolute"
    : undefined; // prettier-ignore
  if (problem !== undefined)
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      `The command ${JSON.stringify(program.slice(0, 80))} ${problem}.`,
    );
}

/** GPUs per node, by the site's own name of the model. */
export function gresOption({ gpusPerNode, gpuModel }: JobSpec["resources"], shape: ClusterShape): string[] {
  if (gpusPerNode === undefined) return [];
  if (gpuModel === undefined) return [`--gres=gpu:${gpusPerNode}`];
  const wanted = readGpuName(gpuModel).model;
  const type = shape.gpuTypes.find((name) => readGpuName(name).model === wanted) ?? gpuModel;
  return [`--gres=gpu:${checked("GPU model", type)}:${gpusPerNode}`];
}

function memoryOption(
  { memoryBytesPerNode, exclusive }: JobSpec["resources"],
  shape: ClusterShape,
): string[] {
  if (memoryBytesPerNode !== undefined) return [`--mem=${Math.ceil(memoryBytesPerNode / 2 ** 20)}M`];
  if (shape.megabytesPerCore === undefined) return [];
  // Without either, Slurm gives a job the whole memory of its nodes and so blocks them for others.
  return [exclusive === true ? "--mem=0" : `--mem-per-cpu=${shape.megabytesPerCore}M`];
}

/** Whether more than one process is to be started. */
function needsLauncher({ nodes = 1, tasks = 1, tasksPerNode = 1 }: JobSpec["resources"]): boolean {
  return nodes > 1 || tasks > 1 || tasksPerNode > 1;
}

/** A file name pattern of Slurm in which nothing is replaced. */
export const literalPath = (path: string): string => path.replaceAll("%", "%%");

/** `--name=value`, or nothing. */
export const option = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

/** Everything of a job but its command, as options of `sbatch`. @throws ParleyError `E_ENGINE_REFUSED` */
export function sbatchOptions(spec: JobSpec, shape: ClusterShape): string[] {
  checkCommand(spec);
  const { resources } = spec;
  const nodes = resources.nodes ?? (needsLauncher(resources) ? undefined : 1);
  return [
    `--job-name=${(spec.name ?? "parley").replaceAll(/[^A-Za-z0-9._+-]+/g, "-").slice(0, 64) || "parley"}`,
    ...option("nodes", nodes),
    ...option("ntasks", resources.tasks),
    ...option("ntasks-per-node", resources.tasksPerNode),
    ...option("cpus-per-task", resources.coresPerTask),
    ...gresOption(resources, shape),
    ...memoryOption(resources, shape),
    ...(resources.exclusive === true ? ["--exclusive"] : []),
    ...option("time", spec.walltimeSeconds && formatSlurmSeconds(spec.walltimeSeconds)),
    ...option("partition", spec.queue && checked("partition", spec.queue)),
    ...option("account", spec.account && checked("account", spec.account)),
    "--no-requeue",
  ];
}

/** The arguments of `sbatch` for one submission; the command follows the script as plain arguments. */
export function sbatchArguments(
  spec: JobSpec,
  options: readonly string[],
  job: { tag: string; files: JobFiles; script: string },
): string[] {
  const { tag, files, script } = job;
  return [
    "--parsable",
    `--comment=parley:${tag}`,
    ...options,
    `--chdir=${spec.directory ?? files.directory}`,
    `--output=${literalPath(files.stdout)}`,
    `--error=${literalPath(files.stderr)}`,
    script,
    files.directory,
    needsLauncher(spec.resources) ? "srun" : "direct",
    ...loadArguments(spec.load),
    ...spec.command,
  ];
}
