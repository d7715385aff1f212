import {
  createAmdGpuProvider,
  createApptainerProvider,
  createBeegfsProvider,
  createCharliecloudProvider,
  createCondaProvider,
  createCpuProvider,
  createDockerProvider,
  createEthernetProvider,
  createInfinibandProvider,
  createLocalScratchProvider,
  createLustreProvider,
  createMemoryProvider,
  createModulesProvider,
  createMpichProvider,
  createNetworkFsProvider,
  createNvidiaGpuProvider,
  createOmniPathProvider,
  createOpenmpiProvider,
  createPathProvider,
  createPipProvider,
  createPodmanProvider,
  createSingularityProvider,
  createSpackProvider,
  type Provider,
  type ProviderContext,
} from "@parley/providers";
import type { Scope } from "@parley/core";
import { type FakeHostOptions, describeProvider } from "@parley/testing";
import * as machines from "./machines.ts";

type Factory = (context: ProviderContext, options: { hostScope: Scope }) => Provider;

const query = { software: ["gcc", "cmake", "torch", "gromacs"], paths: ["/home/ada", "/var"] };

const suites: readonly (readonly [string, Factory, FakeHostOptions, boolean?])[] = [
  ["cpu", createCpuProvider, {}, true],
  ["memory", createMemoryProvider, {}, true],
  ["nvidia-gpu", createNvidiaGpuProvider, machines.nvidia],
  ["amd-gpu", createAmdGpuProvider, machines.amd],
  ["ethernet", createEthernetProvider, machines.ethernet],
  ["infiniband", createInfinibandProvider, machines.rdma],
  ["omni-path", createOmniPathProvider, machines.rdma],
  ["local-scratch", createLocalScratchProvider, machines.mounts],
  ["network-fs", createNetworkFsProvider, machines.mounts],
  ["lustre", createLustreProvider, machines.mounts],
  ["beegfs", createBeegfsProvider, machines.mounts],
  ["docker", createDockerProvider, machines.docker],
  ["podman", createPodmanProvider, machines.podman],
  ["singularity", createSingularityProvider, machines.singularity],
  ["apptainer", createApptainerProvider, machines.apptainer],
  ["charliecloud", createCharliecloudProvider, machines.charliecloud],
  ["path", createPathProvider, { executables: ["gcc"] }, true],
  ["pip", createPipProvider, machines.pip],
  ["conda", createCondaProvider, machines.conda],
  ["modules", createModulesProvider, machines.lmod],
  ["spack", createSpackProvider, machines.spack],
  ["openmpi", createOpenmpiProvider, machines.openmpi],
  ["mpich", createMpichProvider, machines.mpich],
];

for (const [name, create, present, always] of suites) {
  describeProvider(name, {
    create: (context) => create(context, { hostScope: "login-node" }),
    present,
    always,
    query,
  });
}
