import { type Workload, toParleyError } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider } from "../provider.ts";
import { workloadTools } from "./_tools.ts";

/** How {@link createWorkloadProvider} reads the time. */
export interface WorkloadProviderOptions {
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: (() => number) | undefined;
}

/**
 * Turns an engine into a provider of the same name: its workload as facts with evidence, its calls as tools. What a
 * scheduler says holds for the cluster; of the `local` engine's machine it holds for the node.
 */
export function createWorkloadProvider(engine: Engine, options: WorkloadProviderOptions = {}): Provider {
  const { now = () => Date.now() } = options;
  const { manager: name } = engine;
  const scope = name === "local" ? "compute-node" : "cluster";
  return {
    name,
    category: "workload",
    scope,
    async probe(callOptions) {
      try {
        const { status, reason } = await engine.workload(callOptions);
        return { status, detail: reason };
      } catch (error) {
        return { status: "failed", detail: toParleyError(error, "E_PROVIDER_FAILED").message };
      }
    },
    async metadata(callOptions) {
      const workload = await engine.workload(callOptions);
      return staticFacts(workload);
    },
    async facts(_query, callOptions) {
      const workload = await engine.workload(callOptions);
      const evidence = createEvidenceRecorder(name, scope);
      const id = evidence.record("get_resource_status", {
        observedAtMs: now(),
        summary: summarize(workload),
      });
      return { workloads: [{ ...workload, evidence: id }], evidence: [...evidence.items] };
    },
    tools: workloadTools(engine),
  };
}

function staticFacts(workload: Workload): Record<string, unknown> {
  const { manager, status, version, canSubmit, partitions, nodeGroups } = workload;
  return {
    system_type: manager,
    status,
    version,
    canSubmit,
    total_nodes: nodeGroups.reduce((sum, group) => sum + group.nodes, 0),
    total_cores: nodeGroups.reduce((sum, group) => sum + group.nodes * group.coresPerNode, 0),
    partitions: partitions.map((partition) => partition.name),
    limits: partitions,
  };
}

function summarize({ status, reason, nodeGroups, pendingJobs }: Workload): string {
  if (status !== "present") return reason ?? status;
  const nodes = nodeGroups.reduce((sum, group) => sum + group.nodes, 0);
  const idle = nodeGroups.reduce((sum, group) => sum + group.idleNodes, 0);
  return `${idle} of ${nodes} nodes idle${pendingJobs === undefined ? "" : `, ${pendingJobs} jobs pending`}`;
}
