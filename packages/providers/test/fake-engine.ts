import { ParleyError, type Workload } from "@parley/core";
import type { Engine } from "@parley/engines";

export const workload: Workload = {
  manager: "slurm",
  status: "present",
  version: "24.11",
  canSubmit: true,
  partitions: [{ name: "batch", isDefault: true, up: true, maxWalltimeSeconds: 3600 }],
  nodeGroups: [
    {
      partitions: ["batch"],
      nodes: 4,
      availableNodes: 4,
      idleNodes: 2,
      coresPerNode: 8,
      idleCores: 20,
      gpusPerNode: 1,
      features: [],
    },
  ],
  pendingJobs: 3,
};

export interface FakeEngine extends Engine {
  readonly acted: readonly unknown[];
  closed: number;
}

/** An engine that says what it is told and remembers what it was asked to do. */
export function fakeEngine(answer: Workload | (() => Promise<Workload>) = workload): FakeEngine {
  const acted: unknown[] = [];
  const manager = typeof answer === "function" ? "slurm" : answer.manager;
  return {
    manager,
    acted,
    closed: 0,
    workload: async ({ signal } = {}) => {
      if (signal?.aborted === true) throw new ParleyError("E_INTERRUPTED", "Interrupted.");
      return typeof answer === "function" ? answer() : answer;
    },
    async submit(spec, { tag }) {
      acted.push({ spec, tag });
      return { siteJobId: "41", spec: "sbatch job.sh" };
    },
    find: async () => undefined,
    status: async (siteJobId) => ({ siteJobId, state: "ACTIVE" }),
    logs: async () => ({ text: "hello", cursor: "5", complete: true, truncated: false }),
    async cancel(siteJobId) {
      acted.push({ cancel: siteJobId });
    },
    async close() {
      this.closed += 1;
    },
  };
}
