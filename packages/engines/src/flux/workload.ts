import type { Workload } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { readIfAnswered, workloadFailure } from "../_workload-failure.ts";
import type { EngineCallOptions } from "../engine.ts";
import type { FluxClient } from "./client.ts";
import { fieldsOf, numberOf, parseJson } from "./json.ts";
import { groupResources, parseHardware, parseQueues, queueFormat, resourceFormat } from "./resources.ts";

/** Counts of `flux job stats`. */
function parseStats(stdout: string): Pick<Workload, "pendingJobs" | "runningJobs"> {
  const states = fieldsOf(fieldsOf(parseJson(stdout)).get("job_states"));
  const count = (...names: string[]): number | undefined => {
    const counts = names.map((name) => numberOf(states.get(name)));
    return counts.includes(undefined)
      ? undefined
      : counts.reduce((sum: number, value) => sum + (value ?? 0), 0);
  };
  return { pendingJobs: count("depend", "priority", "sched"), runningJobs: count("run", "cleanup") };
}

/** `libflux-core:  0.88.0-59-g4a5e79f56` is 0.88.0. */
function parseVersion(stdout: string): string | undefined {
  return /^(?:broker|libflux-core):\s+(\d+\.\d+(?:\.\d+)?)/m.exec(stdout)?.[1];
}

async function readWorkload(client: FluxClient, deadline: Deadline): Promise<Workload> {
  const [rows, queues, hardware, jobs, version] = await Promise.all([
    client.read(["resource", "list", "-no", resourceFormat], deadline),
    client.read(["queue", "list", "-no", queueFormat], deadline).then(parseQueues),
    readIfAnswered(client.read(["resource", "R"], deadline), parseHardware),
    readIfAnswered(client.read(["job", "stats"], deadline), parseStats),
    readIfAnswered(client.read(["version"], deadline), parseVersion),
  ]);
  const nodeGroups = groupResources(rows, queues, hardware);
  const isEmpty = nodeGroups.length === 0;
  return withoutUndefined<Workload>({
    manager: "flux",
    status: isEmpty ? "empty" : "present",
    reason: isEmpty ? "Flux answers and has no nodes." : undefined,
    version,
    canSubmit: !isEmpty,
    partitions: queues.partitions,
    nodeGroups,
    pendingJobs: jobs?.pendingJobs,
    runningJobs: jobs?.runningJobs,
  });
}

/** The facts of one Flux instance, or why there are none. */
export async function fluxWorkload(client: FluxClient, options?: EngineCallOptions): Promise<Workload> {
  try {
    return await readWorkload(client, client.deadline(options));
  } catch (error) {
    return workloadFailure("flux", error);
  }
}
