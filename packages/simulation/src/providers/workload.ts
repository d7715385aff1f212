import type { Clock } from "@parley/core";
import { createWorkloadProvider, type Provider } from "@parley/providers";
import { idleCapacity } from "../engine/_workload.ts";
import type { SimulatedEngine } from "../engine/simulated-engine.ts";
import type { ClusterModel } from "../model/cluster-model.ts";

/** The seed's keys of each scheduler, beside those all have. */
function ownTruth(model: ClusterModel, idleNodes: number, engine: SimulatedEngine): Record<string, unknown> {
  const { availableNodes } = model.load;
  if (model.manager === "slurm") {
    const { runningJobs, pendingJobs } = engine.usage();
    return {
      busy_nodes: availableNodes - idleNodes,
      job_count: runningJobs + pendingJobs,
      partitions: model.partitions.map(({ name }) => name),
    };
  }
  if (model.manager === "flux") {
    return { utilization: Math.round(100 * (1 - idleNodes / availableNodes)) / 100 };
  }
  return model.manager === "kubernetes" ? { namespaces: model.namespaces } : {};
}

function truthOf(model: ClusterModel, engine: SimulatedEngine): Record<string, unknown> {
  const { idleNodes, idleCores } = idleCapacity(model, engine.usage());
  const { cores, gpus } = model.node;
  return {
    total_nodes: model.nodes,
    idle_nodes: idleNodes,
    cores_per_node: cores,
    total_cores: model.nodes * cores,
    idle_cores: idleCores,
    ...ownTruth(model, idleNodes, engine),
    gpus_per_node: gpus?.count ?? 0,
    ...(gpus === undefined ? {} : { gpu_model: gpus.model }),
  };
}

/** The scheduler of a site: the provider that real schedulers get, over the simulated engine. */
export function simulatedWorkloadProvider(
  model: ClusterModel,
  engine: SimulatedEngine,
  clock: Clock,
): Provider {
  const provider = createWorkloadProvider(engine, { now: () => clock.now() });
  return {
    ...provider,
    metadata: async (options) => ({
      ...(await provider.metadata(options)),
      cluster: model.name,
      simulated: true,
    }),
    truth: () => truthOf(model, engine),
  };
}
