import { z } from "zod";

const Count = z.number().int().nonnegative();
const Text = z.string();
const Time = z.iso.datetime();

/** Where a reading holds: a login node says nothing about a compute node's load. */
export const Scope = z.enum(["login-node", "compute-node", "cluster"]);
export type Scope = z.infer<typeof Scope>;

/** The answers a probe can give; only `present` and `empty` say that the thing was really read. */
export const ProbeStatus = z.enum(["present", "absent", "unreachable", "forbidden", "empty", "failed"]);
export type ProbeStatus = z.infer<typeof ProbeStatus>;

/** A recorded tool result that a claim can point at. */
export const Evidence = z.object({
  id: Text,
  provider: Text,
  tool: Text,
  args: z.record(Text, z.unknown()).default({}),
  scope: Scope,
  observedAt: Time,
  /** The reading in one line, for people. */
  summary: Text.optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * Nodes that are alike: same partitions, same hardware, same features.
 * `availableNodes` are up and may run jobs now or later; `idleNodes` have nothing running at all.
 */
export const NodeGroup = z.object({
  partitions: z.array(Text).default([]),
  nodes: Count,
  availableNodes: Count,
  idleNodes: Count,
  coresPerNode: Count,
  idleCores: Count,
  memoryBytesPerNode: Count.optional(),
  gpusPerNode: Count.default(0),
  idleGpus: Count.optional(),
  gpuModel: Text.optional(),
  gpuVendor: z.enum(["nvidia", "amd", "intel"]).optional(),
  gpuMemoryBytes: Count.optional(),
  arch: Text.optional(),
  features: z.array(Text).default([]),
});
export type NodeGroup = z.infer<typeof NodeGroup>;

/** A queue or partition and its limits; an absent limit means none is set. */
export const Partition = z.object({
  name: Text,
  isDefault: z.boolean().default(false),
  up: z.boolean(),
  maxWalltimeSeconds: Count.optional(),
  defaultWalltimeSeconds: Count.optional(),
  maxNodesPerJob: Count.optional(),
  minNodesPerJob: Count.optional(),
});
export type Partition = z.infer<typeof Partition>;

/** What one workload manager offers, seen through its engine. */
export const Workload = z.object({
  /** `slurm`, `flux`, `local`, `kubernetes` ... */
  manager: Text,
  status: ProbeStatus,
  /** Why the status is not `present`. */
  reason: Text.optional(),
  version: Text.optional(),
  /** Whether Parley can submit here. */
  canSubmit: z.boolean(),
  partitions: z.array(Partition).default([]),
  nodeGroups: z.array(NodeGroup).default([]),
  /** The only programs that may run here, by name or absolute path; absent means any. */
  programs: z.array(Text).optional(),
  pendingJobs: Count.optional(),
  runningJobs: Count.optional(),
  evidence: Text.optional(),
});
export type Workload = z.infer<typeof Workload>;

/** One package, module, environment entry or executable that was found. */
export const InstalledSoftware = z.object({
  name: Text,
  version: Text.optional(),
  /** Variants or features it was built with: `kokkos`, `cuda`. */
  with: z.array(Text).optional(),
  /** How to reach it: a path, a module name, a spec. */
  location: Text.optional(),
});
export type InstalledSoftware = z.infer<typeof InstalledSoftware>;

/** What one software source answered about the names it was asked for. */
export const SoftwareInventory = z.object({
  source: z.enum(["path", "spack", "modules", "conda", "pip"]),
  status: ProbeStatus,
  scope: Scope,
  asked: z.array(Text).default([]),
  found: z.array(InstalledSoftware).default([]),
  evidence: Text.optional(),
});
export type SoftwareInventory = z.infer<typeof SoftwareInventory>;

/** An MPI library found at the site. */
export const MpiInstallation = z.object({ impl: Text, version: Text.optional(), evidence: Text.optional() });
export type MpiInstallation = z.infer<typeof MpiInstallation>;

/** A container runtime found at the site. */
export const ContainerRuntime = z.object({
  runtime: Text,
  version: Text.optional(),
  rootless: z.boolean().optional(),
  scope: Scope,
  evidence: Text.optional(),
});
export type ContainerRuntime = z.infer<typeof ContainerRuntime>;

/** An interconnect: kind `ethernet`, `infiniband`, `omni-path`, `slingshot`, `roce`, `efa`. */
export const Fabric = z.object({
  kind: Text,
  bitsPerSecond: Count.optional(),
  rdma: z.boolean(),
  devices: z.array(Text).default([]),
  scope: Scope,
  evidence: Text.optional(),
});
export type Fabric = z.infer<typeof Fabric>;

/** A file system or object store: kind `lustre`, `nfs`, `beegfs`, `gpfs`, `local-scratch`, `s3`. */
export const Storage = z.object({
  kind: Text,
  path: Text.optional(),
  parallel: z.boolean(),
  totalBytes: Count.optional(),
  freeBytes: Count.optional(),
  scope: Scope,
  evidence: Text.optional(),
});
export type Storage = z.infer<typeof Storage>;

/** Processor and operating system of a kind of node. */
export const Hardware = z.object({
  scope: Scope,
  arch: Text.optional(),
  os: Text.optional(),
  cpuModel: Text.optional(),
  cpuVendor: Text.optional(),
  cpuFlags: z.array(Text).default([]),
  cores: Count.optional(),
  memoryBytes: Count.optional(),
  gpus: z
    .array(
      z.object({
        vendor: z.enum(["nvidia", "amd", "intel"]),
        model: Text.optional(),
        count: Count,
        memoryBytes: Count.optional(),
      }),
    )
    .default([]),
  evidence: Text.optional(),
});
export type Hardware = z.infer<typeof Hardware>;

/** The operator's price list; an absent price means that kind of use is not priced. */
export const Prices = z.object({
  currency: z.enum(["USD", "EUR", "GBP"]).default("USD"),
  perNodeHour: z.number().nonnegative().optional(),
  perCoreHour: z.number().nonnegative().optional(),
  perGpuHour: z.number().nonnegative().optional(),
});
export type Prices = z.infer<typeof Prices>;

/** The operator's rules about who may run what; an absent rule allows. */
export const Policy = z.object({
  maxNodes: Count.optional(),
  maxCores: Count.optional(),
  maxGpus: Count.optional(),
  maxWalltimeSeconds: Count.optional(),
  accounts: z.array(Text).optional(),
  queues: z.array(Text).optional(),
  /** Who may submit, by the name their token carries. */
  submitters: z.array(Text).optional(),
});
export type Policy = z.infer<typeof Policy>;

/** What one provider answered when it was probed. */
export const ProbeReport = z.object({
  provider: Text,
  category: Text,
  status: ProbeStatus,
  scope: Scope,
  detail: Text.optional(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

/** The dynamic state of a site, produced by code and never by a model, as far as one request asked for it. */
export const Facts = z.object({
  schema: z.literal("facts/1"),
  workerId: Text,
  observedAt: Time,
  workloads: z.array(Workload).default([]),
  software: z.array(SoftwareInventory).default([]),
  mpi: z.array(MpiInstallation).default([]),
  containers: z.array(ContainerRuntime).default([]),
  fabrics: z.array(Fabric).default([]),
  storage: z.array(Storage).default([]),
  hardware: z.array(Hardware).default([]),
  prices: Prices.optional(),
  policy: Policy.optional(),
  probes: z.array(ProbeReport).default([]),
  evidence: z.array(Evidence).default([]),
});
export type Facts = z.infer<typeof Facts>;

/** Static facts of a site by category and provider, as the seed's hub expects them, with scope and time. */
export const Manifest = z.record(Text, z.record(Text, z.record(Text, z.unknown())));
export type Manifest = z.infer<typeof Manifest>;
