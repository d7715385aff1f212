import type { Workload } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import type { EngineCallOptions } from "../engine.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { readIfAnswered, workloadFailure } from "../_workload-failure.ts";
import { failureCode, toSlurmError } from "./client.ts";
import type { SlurmClient } from "./client.ts";
import { groupNodes, parseGpusInUse, parseNodes } from "./nodes.ts";
import { parsePartitions } from "./partitions.ts";

/** `scontrol ping` answers at once where every other command takes 9 s to notice a controller that is down. */
export async function requireController(client: SlurmClient, deadline: Deadline): Promise<void> {
  const ping = await client.run("scontrol", ["ping"], deadline);
  if (ping.ok || /\bis UP\b/.test(ping.stdout)) return;
  if (failureCode(ping) !== undefined) throw toSlurmError(ping, "E_ENGINE_UNREACHABLE");
}

/** `slurm-wlm 22.05.8` is 22.05.8. */
function parseVersion(stdout: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)?(?:[-\w.]*)/.exec(stdout)?.[0];
}

function countStates(stdout: string): { pendingJobs: number; runningJobs: number } {
  const states = stdout.split("\n").map((line) => line.trim());
  return {
    pendingJobs: states.filter((state) => state === "PENDING").length,
    runningJobs: states.filter((state) => state === "RUNNING").length,
  };
}

async function readWorkload(client: SlurmClient, deadline: Deadline): Promise<Workload> {
  await requireController(client, deadline);
  const [nodes, partitions, gpusInUse, jobs, version] = await Promise.all([
    client.read("scontrol", ["-o", "show", "node"], deadline).then(parseNodes),
    client.read("scontrol", ["-o", "show", "partition"], deadline).then(parsePartitions),
    readIfAnswered(
      client.read("sinfo", ["-h", "-N", "-O", "NodeList:|,GresUsed:|"], deadline),
      parseGpusInUse,
    ),
    readIfAnswered(client.read("squeue", ["-h", "-t", "PD,R", "-o", "%T"], deadline), countStates),
    readIfAnswered(client.read("sinfo", ["--version"], deadline), parseVersion),
  ]);
  const isEmpty = nodes.length === 0;
  return withoutUndefined<Workload>({
    manager: "slurm",
    status: isEmpty ? "empty" : "present",
    reason: isEmpty ? "Slurm answers and has no nodes." : undefined,
    version,
    canSubmit: !isEmpty,
    partitions,
    nodeGroups: groupNodes(nodes, partitions, gpusInUse),
    ...jobs,
  });
}

/** The facts of one Slurm cluster, or why there are none. */
export async function slurmWorkload(client: SlurmClient, options?: EngineCallOptions): Promise<Workload> {
  try {
    return await readWorkload(client, client.deadline(options));
  } catch (error) {
    return workloadFailure("slurm", error);
  }
}
