import { Workload } from "@parley/core";
import type { Context } from "./_context.ts";

const architectures: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

export async function readWorkload({
  allow,
  capacity,
  index,
  scheduler,
  defaultWalltimeSeconds,
}: Context): Promise<Workload> {
  const absent = { manager: "local", canSubmit: false };
  if (allow.length === 0) {
    const reason = "no program is allowed to run here; the operator allows some with --local-allow";
    return Workload.parse({ ...absent, status: "absent", reason });
  }
  try {
    await index.refresh();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return Workload.parse({ ...absent, status: "failed", reason });
  }
  const { running, queued, idleCores } = index.load();
  const fault = scheduler.fault();
  return Workload.parse({
    manager: "local",
    status: fault === undefined ? "present" : "failed",
    ...(fault === undefined ? {} : { reason: fault }),
    canSubmit: fault === undefined,
    partitions: [{ name: "local", isDefault: true, up: true, defaultWalltimeSeconds, maxNodesPerJob: 1 }],
    nodeGroups: [
      {
        partitions: ["local"],
        nodes: 1,
        availableNodes: 1,
        idleNodes: running === 0 ? 1 : 0,
        coresPerNode: capacity.cores,
        idleCores,
        memoryBytesPerNode: capacity.memoryBytes,
        arch: architectures[process.arch] ?? process.arch,
      },
    ],
    programs: [...allow],
    pendingJobs: queued,
    runningJobs: running,
  });
}
