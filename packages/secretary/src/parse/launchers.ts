import { parseDurationSeconds, type JobRequirements, type Range } from "@parley/core";
import { fill, fillCount, fillGpu } from "./draft.ts";
import { gpuFields } from "./gpu-names.ts";
import type { Outcome } from "./marks.ts";
import { readCount } from "./quantity.ts";
import { readGibibytes } from "./sizes.ts";

type Reader = (draft: JobRequirements, value: string) => Outcome;

/** A program that starts jobs: what its options mean. */
export interface Launcher {
  readonly manager?: string | undefined;
  readonly mpi?: boolean | undefined;
  /** Options without a value. */
  readonly flags: ReadonlySet<string>;
  readonly options: Readonly<Record<string, Reader>>;
}

function range(value: string): Range | undefined {
  const [low, high] = value.split("-").map((part) => readCount(part));
  if (low === undefined) return undefined;
  const upper = value.includes("-") ? high : low;
  return upper === undefined || upper < low ? undefined : { min: low, max: upper };
}

/** Slurm's and Flux's bare numbers are minutes; `D-HH` has no minutes part. */
function minutes(value: string): number | undefined {
  if (/^\d{1,9}$/.test(value)) return readCount(String(Number(value) * 60));
  const days = /^(\d{1,4})-(\d{1,2})$/.exec(value);
  const seconds = days ? Number(days[1]) * 86_400 + Number(days[2]) * 3600 : parseDurationSeconds(value);
  return seconds !== undefined && Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined;
}

const nodes: Reader = (draft, value) => fillCount(draft, "nodes", range(value));
const tasks: Reader = (draft, value) => fillCount(draft, "tasks", range(value));
const tasksPerNode: Reader = (draft, value) => fillCount(draft, "tasksPerNode", range(value));
const coresPerTask: Reader = (draft, value) => fill(draft, "compute", ["coresPerTask", readCount(value)]);
const walltime: Reader = (draft, value) => fill(draft, "time", ["walltimeSec", minutes(value)]);
const queue: Reader = (draft, value) => fill(draft, "scheduler", ["queue", value]);
const account: Reader = (draft, value) => fill(draft, "scheduler", ["account", value]);
const namespace: Reader = (draft, value) => fill(draft, "scheduler", ["namespace", value]);
const workdir: Reader = (draft, value) => fill(draft, "execution", ["workdir", value]);
const command: Reader = (draft, value) =>
  /[;|&<>`$\n]/.test(value) ? "refused" : fill(draft, "execution", ["command", value]);
const exclusive: Reader = (draft, value) =>
  value === "" ? fill(draft, "compute", ["exclusive", true]) : "refused";
const memoryPerNode: Reader = (draft, value) =>
  fill(draft, "memory", ["perNodeGb", readGibibytes(value, "m")]);
const memoryPerCore: Reader = (draft, value) =>
  fill(draft, "memory", ["perCoreGb", readGibibytes(value, "m")]);

function gpus(field: "total" | "perNode" | "perTask", value: string): Reader {
  return (draft) => {
    const [, model, digits] = /^(?:gpu:)?(?:([a-z][\w-]{0,40}):)?(\d{1,9})$/.exec(value.toLowerCase()) ?? [];
    const found = range(digits ?? "");
    const named = model === undefined ? {} : gpuFields(model.split(/[_-]/)[0] ?? model);
    if (!found || !named) return "refused";
    return fillGpu(draft, { need: "required", ...named, [field]: found });
  };
}
const gpusTotal: Reader = (draft, value) => gpus("total", value)(draft, value);
const gpusPerNode: Reader = (draft, value) => gpus("perNode", value)(draft, value);
const gpusPerTask: Reader = (draft, value) => gpus("perTask", value)(draft, value);

const array: Reader = (draft, value) => {
  const bounds = /^(\d{1,9})(?:-(\d{1,9}))?(?:%\d{1,9})?$/.exec(value);
  const first = Number(bounds?.[1]);
  const size = bounds?.[2] === undefined ? 1 : Number(bounds[2]) - first + 1;
  if (!bounds || size < 1 || draft.array) return "refused";
  draft.array = { count: size };
  return { path: "array.count" };
};

const image: Reader = (draft, value) => {
  if (draft.container?.image !== undefined) return "refused";
  draft.container = { ...draft.container, image: value };
  return { path: "container.image" };
};

const affinity: Reader = (draft, value) =>
  value === "cpu-affinity=per-task" ? fill(draft, "execution", ["cpuAffinity", "per-task"]) : "refused";

/** PBS resource lists: `select=2:ncpus=32:ngpus=4:mem=256gb,walltime=01:00:00` and `nodes=2:ppn=32`. */
const resourceList: Reader = (draft, value) => {
  const readers: Readonly<Record<string, Reader>> = {
    select: nodes,
    nodes,
    ppn: tasksPerNode,
    mpiprocs: tasksPerNode,
    ncpus: (into, cores) => {
      const found = readCount(cores);
      return fillCount(into, "coresPerNode", found === undefined ? undefined : { min: found });
    },
    ngpus: gpusPerNode,
    mem: memoryPerNode,
    walltime,
  };
  for (const part of value.split(/[:,](?=[a-z])/)) {
    const [key = "", setting = ""] = part.split("=");
    const outcome = readers[key]?.(draft, setting) ?? "refused";
    if (outcome === "refused") return outcome;
  }
  return { path: "compute" };
};

const slurm: Launcher = {
  manager: "slurm",
  flags: new Set(["--exclusive", "-Q", "--quiet", "-W", "--wait", "-H", "--hold", "--parsable", "--pty"]),
  options: {
    "-N": nodes, "--nodes": nodes, "-n": tasks, "--ntasks": tasks, "-c": coresPerTask, "--cpus-per-task": coresPerTask,
    "--ntasks-per-node": tasksPerNode, "--tasks-per-node": tasksPerNode, "-t": walltime, "--time": walltime,
    "-p": queue, "--partition": queue, "-A": account, "--account": account, "--gres": gpusPerNode, "-G": gpusTotal,
    "--gpus": gpusTotal, "--gpus-per-node": gpusPerNode, "--gpus-per-task": gpusPerTask, "--mem": memoryPerNode,
    "--mem-per-cpu": memoryPerCore, "--exclusive": exclusive, "-a": array, "--array": array, "-D": workdir,
    "--chdir": workdir, "--wrap": command,
  },
}; // prettier-ignore

const flux: Launcher = {
  manager: "flux",
  flags: new Set(["-x", "--exclusive", "-v", "--verbose", "-u", "--unbuffered", "-l", "--label-io"]),
  options: {
    "-N": nodes, "--nodes": nodes, "-n": tasks, "--ntasks": tasks, "-c": coresPerTask, "--cores-per-task": coresPerTask,
    "--tasks-per-node": tasksPerNode, "-g": gpusPerTask, "--gpus-per-task": gpusPerTask, "--gpus-per-node": gpusPerNode,
    "-t": walltime, "--time-limit": walltime, "-q": queue, "--queue": queue, "-B": account, "--bank": account,
    "-x": exclusive, "--exclusive": exclusive, "--cwd": workdir, "-o": affinity, "--setopt": affinity,
  },
}; // prettier-ignore

const mpirun: Launcher = {
  mpi: true,
  flags: new Set(["--oversubscribe", "--bind-to-core", "--allow-run-as-root", "-v", "--report-bindings"]),
  options: { "-np": tasks, "-n": tasks, "--np": tasks, "-npernode": tasksPerNode, "--npernode": tasksPerNode, "-N": tasksPerNode, "-ppn": tasksPerNode, "-perhost": tasksPerNode, "-wdir": workdir, "--wdir": workdir },
}; // prettier-ignore

const pbs: Launcher = {
  manager: "pbs",
  flags: new Set(["-V", "-I", "-h"]),
  options: { "-l": resourceList, "-q": queue, "-A": account, "-P": account, "-J": array, "-t": array },
};

/** LSF's `-W` is `HH:MM` or minutes. */
const lsfWalltime: Reader = (draft, value) => {
  const [, hours, rest] = /^(\d{1,5}):(\d{2})$/.exec(value) ?? [];
  const written = hours === undefined ? value : String(Number(hours) * 60 + Number(rest));
  return fill(draft, "time", ["walltimeSec", minutes(written)]);
};

const lsf: Launcher = {
  manager: "lsf",
  flags: new Set(["-I", "-Is", "-K", "-x"]),
  options: { "-n": tasks, "-W": lsfWalltime, "-q": queue, "-P": account, "-G": account, "-x": exclusive, "-nnodes": nodes, "-cwd": workdir },
}; // prettier-ignore

const kubectl: Launcher = {
  manager: "kubernetes",
  flags: new Set(["--rm", "-i", "-t", "-it", "--attach", "--stdin", "--tty"]),
  options: { "-n": namespace, "--namespace": namespace, "--image": image },
};

/** Programs that start jobs, by name. */
export const launchers: Readonly<Record<string, Launcher>> = {
  srun: slurm, sbatch: slurm, salloc: slurm, flux, mpirun, mpiexec: mpirun, "mpiexec.hydra": mpirun,
  qsub: pbs, bsub: lsf, kubectl,
  aprun: { flags: new Set(), options: { "-n": tasks, "-N": tasksPerNode, "-d": coresPerTask } },
  jsrun: { manager: "lsf", flags: new Set(), options: { "-n": tasks, "--np": tasks, "-c": coresPerTask, "-g": gpusPerTask } },
}; // prettier-ignore
