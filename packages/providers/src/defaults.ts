import type { Scope } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createApptainerProvider } from "./container/apptainer.ts";
import { createCharliecloudProvider } from "./container/charliecloud.ts";
import { createDockerProvider } from "./container/docker.ts";
import { createPodmanProvider } from "./container/podman.ts";
import { createSingularityProvider } from "./container/singularity.ts";
import { createAmdGpuProvider } from "./hardware/amd-gpu.ts";
import { createCpuProvider } from "./hardware/cpu.ts";
import { createMemoryProvider } from "./hardware/memory.ts";
import { createNvidiaGpuProvider } from "./hardware/nvidia-gpu.ts";
import { createEthernetProvider } from "./network/ethernet.ts";
import { createInfinibandProvider } from "./network/infiniband.ts";
import { createOmniPathProvider } from "./network/omni-path.ts";
import { createMpichProvider } from "./parallel/mpich.ts";
import { createOpenmpiProvider } from "./parallel/openmpi.ts";
import type { Provider, ProviderCallOptions, ProviderContext } from "./provider.ts";
import { createCondaProvider } from "./software/conda.ts";
import { createModulesProvider } from "./software/modules.ts";
import { createPathProvider } from "./software/path.ts";
import { createPipProvider } from "./software/pip.ts";
import { createSpackProvider } from "./software/spack.ts";
import { createBeegfsProvider } from "./storage/beegfs.ts";
import { createLocalScratchProvider } from "./storage/local-scratch.ts";
import { createLustreProvider } from "./storage/lustre.ts";
import { createNetworkFsProvider } from "./storage/network-fs.ts";

/** What every factory of {@link defaultProviders} takes. */
export interface DefaultProvidersOptions {
  /** Where readings of this host hold; see {@link detectHostScope}. */
  readonly hostScope: Scope;
}

const factories = [
  createCpuProvider,
  createMemoryProvider,
  createNvidiaGpuProvider,
  createAmdGpuProvider,
  createEthernetProvider,
  createInfinibandProvider,
  createOmniPathProvider,
  createLocalScratchProvider,
  createNetworkFsProvider,
  createLustreProvider,
  createBeegfsProvider,
  createDockerProvider,
  createPodmanProvider,
  createSingularityProvider,
  createApptainerProvider,
  createCharliecloudProvider,
  createPathProvider,
  createPipProvider,
  createCondaProvider,
  createModulesProvider,
  createSpackProvider,
  createOpenmpiProvider,
  createMpichProvider,
] as const;

/** Every provider that reads this host, unprobed. Workload providers come from the engines. */
export function defaultProviders(
  context: ProviderContext,
  options: DefaultProvidersOptions,
): readonly Provider[] {
  return factories.map((create) => create(context, options));
}

/**
 * Where readings of this host hold: `login-node` where a scheduler other than `local` is installed, because jobs then
 * run elsewhere, else `compute-node`.
 */
export async function detectHostScope(
  engines: readonly Engine[],
  options: ProviderCallOptions = {},
): Promise<Scope> {
  const clusters = engines.filter((engine) => engine.manager !== "local");
  const statuses = await Promise.all(
    clusters.map(async (engine) =>
      engine.workload(options).then(
        ({ status }) => status,
        () => "failed" as const,
      ),
    ),
  );
  return statuses.some((status) => status !== "absent") ? "login-node" : "compute-node";
}
