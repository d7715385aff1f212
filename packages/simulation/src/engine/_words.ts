import { formatDuration, shortHash, type JobSpec, type JobState } from "@parley/core";
import type { ClusterModel } from "../model/cluster-model.ts";

type Manager = ClusterModel["manager"];
type Ending = "COMPLETED" | "FAILED" | "CANCELED" | "TIMEOUT";

const nativeWords: Readonly<Record<Manager, Readonly<Record<"QUEUED" | "ACTIVE" | Ending, string>>>> = {
  slurm: {
    QUEUED: "PENDING",
    ACTIVE: "RUNNING",
    COMPLETED: "COMPLETED",
    FAILED: "FAILED",
    CANCELED: "CANCELLED",
    TIMEOUT: "TIMEOUT",
  },
  flux: {
    QUEUED: "SCHED",
    ACTIVE: "RUN",
    COMPLETED: "COMPLETED",
    FAILED: "FAILED",
    CANCELED: "CANCELED",
    TIMEOUT: "TIMEOUT",
  },
  kubernetes: {
    QUEUED: "Pending",
    ACTIVE: "Running",
    COMPLETED: "Complete",
    FAILED: "Failed",
    CANCELED: "Deleted",
    TIMEOUT: "DeadlineExceeded",
  },
  local: {
    QUEUED: "queued",
    ACTIVE: "running",
    COMPLETED: "completed",
    FAILED: "failed",
    CANCELED: "canceled",
    TIMEOUT: "timeout",
  },
};

/** The scheduler's own word for a state. */
export function nativeState(manager: Manager, state: JobState, timedOut: boolean): string {
  const words = nativeWords[manager];
  if (timedOut) return words.TIMEOUT;
  return state === "NEW" || state === "UNKNOWN" ? state : words[state];
}

/** A job id in the scheduler's style. It depends on site and tag alone, so a restart never gives it to another job. */
export function jobIdFor(
  manager: Manager,
  workerId: string,
  { tag, attempt }: { readonly tag: string; readonly attempt: number },
): string {
  const hash = shortHash([workerId, tag, attempt].join("\u0000"), 13);
  if (manager === "slurm") return String(100_000 + (Number.parseInt(hash, 16) % 900_000_000));
  if (manager === "flux") return `f${BigInt(`0x${hash}`).toString(36)}`;
  return manager === "kubernetes" ? `job-${hash}` : `local-${hash}`;
}

const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument);

/** The command line that the real scheduler would get, for people. */
export function commandLine(manager: Manager, spec: JobSpec, walltimeSeconds: number): string {
  const { nodes, tasks, gpusPerNode } = spec.resources;
  const shape = [
    ...(nodes === undefined ? [] : [`--nodes=${nodes}`]),
    ...(tasks === undefined ? [] : [`--tasks=${tasks}`]),
    ...(gpusPerNode === undefined ? [] : [`--gpus-per-node=${gpusPerNode}`]),
    ...(spec.queue === undefined ? [] : [`--queue=${quoted(spec.queue)}`]),
    ...spec.load.map(({ via, name }) => `--load=${via}:${quoted(name)}`),
    `--time=${quoted(formatDuration(walltimeSeconds).replaceAll(" ", ""))}`,
  ];
  const program = `simulated-${manager} submit`;
  const line = [program, ...shape, "--", ...spec.command.map(quoted)].join(" ");
  return line.length > 4096 ? `${line.slice(0, 4093)}...` : line;
}
