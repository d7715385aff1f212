import { formatDuration } from "@parley/core";
import type { Facts, JobRequirements, JobSpec } from "@parley/core";
import type { Placement } from "./capacity/assess.ts";
import { capacityNeed } from "./capacity/need.ts";
import type { CapacityNeed } from "./capacity/need.ts";
import { inImage } from "./image.ts";
import { programOf } from "./program.ts";
import type { InstalledContext } from "./installed.ts";
import type { Program } from "./program.ts";
import { plannedWalltime } from "./walltime.ts";
import type { Walltime } from "./walltime.ts";
import { list } from "./words.ts";

/** A job as it will be submitted, and what was decided for the requester. */
export interface PlannedSpec {
  readonly spec: JobSpec;
  readonly notes: readonly string[];
}

export interface SpecContext extends InstalledContext {
  readonly placement?: Placement | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Turns requirements into the job to submit. The walltime is the stated one, else the time left to the deadline,
 * else 3600 s, never beyond the partition's limit.
 */
export function specOf(requirements: JobRequirements, context: SpecContext): PlannedSpec {
  const { placement, facts, now } = context;
  const program = programOf(requirements, context);
  const command = inImage(program.command, requirements, facts);
  const walltime = plannedWalltime(requirements, now, longestWalltime(placement, facts));
  const { environment = {}, workdir, cpuAffinity } = requirements.execution ?? {};
  const spec: JobSpec = {
    name: nameOf(requirements, command),
    command: [...command],
    directory: workdir,
    environment,
    load: program.load,
    resources: resourcesOf(requirements, placement),
    walltimeSeconds: walltime.seconds,
    queue: queueOf(requirements, placement),
    account: requirements.scheduler?.account ?? onlyOne(facts.policy?.accounts),
  };
  const notes = [
    walltimeNote(walltime),
    loadNote(program),
    requirements.scheduler?.namespace && "The namespace is the one the site's engine is configured with.",
    cpuAffinity && "Pinning to cores is left to the scheduler's default.",
  ].filter((note) => typeof note === "string");
  return { spec, notes };
}

/** What the partition and the operator let a job run at most. */
export function longestWalltime(placement: Placement | undefined, facts: Facts): number {
  return Math.min(
    placement?.pool.partition?.maxWalltimeSeconds ?? Infinity,
    facts.policy?.maxWalltimeSeconds ?? Infinity,
  );
}

function walltimeNote({ basis, seconds }: Walltime): string | undefined {
  if (basis === "stated") return undefined;
  const implied = basis === "deadline" ? "the time left" : "the default";
  return `No walltime stated: the job ends after ${formatDuration(seconds)}, ${implied}.`;
}

function loadNote({ load, notLoaded }: Program): string | undefined {
  const loaded = load.map(({ via, name }) => `${name} through ${via}`);
  if (loaded.length > 0) return `Loaded before the command: ${list(loaded)}.`;
  return notLoaded.length === 0
    ? undefined
    : `The site has ${list(notLoaded)}, which is not loaded here: the command has to find it.`;
}

function nameOf(requirements: JobRequirements, command: readonly string[]): string {
  const name = requirements.software?.[0]?.name ?? command[0]?.split("/").at(-1) ?? "job";
  return name.slice(0, 60).replace(/[^A-Za-z0-9_.+-]/g, "_");
}

function queueOf(requirements: JobRequirements, placement: Placement | undefined): string | undefined {
  const { queue, forbidQueue } = requirements.scheduler ?? {};
  if (queue !== undefined) return queue;
  return forbidQueue === true ? undefined : placement?.pool.partition?.name;
}

function onlyOne(accounts: readonly string[] | undefined): string | undefined {
  return accounts?.length === 1 ? accounts[0] : undefined;
}

/** What to ask the scheduler for. Cores of one node go to one task; cores over several nodes are one task each. */
function resourcesOf(requirements: JobRequirements, placement: Placement | undefined): JobSpec["resources"] {
  const need = capacityNeed(requirements);
  const nodes = placement?.nodes ?? need.minNodes;
  const compute = requirements.compute ?? {};
  const gpus =
    need.gpus === undefined
      ? need.gpusPerNode
      : Math.max(need.gpusPerNode ?? 0, Math.ceil(need.gpus / nodes));
  const memory =
    need.memoryBytesPerNode ??
    (need.memoryBytes === undefined ? undefined : Math.ceil(need.memoryBytes / nodes));
  const model = need.models.length === 0 ? undefined : placement?.groups[0]?.gpuModel;
  return {
    nodes,
    ...tasksOf(requirements, need, nodes),
    gpusPerNode: gpus,
    gpuModel: model,
    memoryBytesPerNode: memory === undefined ? undefined : Math.ceil(memory),
    exclusive: compute.exclusive,
  };
}

function tasksOf(
  requirements: JobRequirements,
  need: CapacityNeed,
  nodes: number,
): Pick<JobSpec["resources"], "tasks" | "tasksPerNode" | "coresPerTask"> {
  const { tasks, tasksPerNode, coresPerTask } = requirements.compute ?? {};
  if (tasks?.min !== undefined || tasksPerNode?.min !== undefined) {
    return { coresPerTask, tasks: tasks?.min, tasksPerNode: tasksPerNode?.min };
  }
  if (need.cores === undefined) {
    return need.coresPerNode === undefined ? {} : { tasksPerNode: 1, coresPerTask: need.coresPerNode };
  }
  const parallel = nodes > 1 || requirements.mpi?.required === true;
  return parallel ? { coresPerTask, tasks: need.cores } : { tasks: 1, coresPerTask: need.cores };
}
