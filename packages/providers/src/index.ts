/** Discovers what a site has: the provider port, the first set of providers, and the site they make up. */

export type {
  Category,
  FactsQuery,
  Machine,
  PartialFacts,
  ProbeResult,
  Provider,
  ProviderCallOptions,
  ProviderContext,
  ProviderTool,
} from "./provider.ts";
export { createProviderContext } from "./context.ts";

export { assembleSite } from "./assemble-site.ts";
export type { AssembleSiteOptions } from "./assemble-site.ts";
export { discoverSite } from "./discover-site.ts";
export { openHostSite } from "./host-site.ts";
export type { HostSiteOptions } from "./host-site.ts";
export type { DiscoverSiteOptions } from "./discover-site.ts";
export type { Site, SiteTruth } from "./site.ts";

export { defaultProviders, detectHostScope } from "./defaults.ts";
export type { DefaultProvidersOptions } from "./defaults.ts";

export { createEvidenceRecorder } from "./evidence.ts";
export type { EvidenceReading, EvidenceRecorder } from "./evidence.ts";
export { defineProviderTool } from "./tool.ts";
export type { ProviderToolOptions } from "./tool.ts";

export { createWorkloadProvider } from "./workload/workload.ts";
export type { WorkloadProviderOptions } from "./workload/workload.ts";

export { createAmdGpuProvider } from "./hardware/amd-gpu.ts";
export { createCpuProvider } from "./hardware/cpu.ts";
export { createMemoryProvider } from "./hardware/memory.ts";
export { createNvidiaGpuProvider } from "./hardware/nvidia-gpu.ts";

export { createEthernetProvider } from "./network/ethernet.ts";
export { createInfinibandProvider } from "./network/infiniband.ts";
export { createOmniPathProvider } from "./network/omni-path.ts";

export { createBeegfsProvider } from "./storage/beegfs.ts";
export { createLocalScratchProvider } from "./storage/local-scratch.ts";
export { createLustreProvider } from "./storage/lustre.ts";
export { createNetworkFsProvider } from "./storage/network-fs.ts";

export { createApptainerProvider } from "./container/apptainer.ts";
export { createCharliecloudProvider } from "./container/charliecloud.ts";
export { createDockerProvider } from "./container/docker.ts";
export { createPodmanProvider } from "./container/podman.ts";
export { createSingularityProvider } from "./container/singularity.ts";

export { createCondaProvider } from "./software/conda.ts";
export { createModulesProvider } from "./software/modules.ts";
export { createPathProvider } from "./software/path.ts";
export { createPipProvider } from "./software/pip.ts";
export { createSpackProvider } from "./software/spack.ts";
export type { SoftwareProviderOptions } from "./software/options.ts";

export { createMpichProvider } from "./parallel/mpich.ts";
export { createOpenmpiProvider } from "./parallel/openmpi.ts";
