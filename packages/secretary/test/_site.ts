import { CallForProposals, Facts, JobRequirements } from "@parley/core";
import type { JobSpec } from "@parley/core";
import type { Engine, StartEstimate } from "@parley/engines";
import type { FactsQuery, Site } from "@parley/providers";

/** 2026-11-20T10:00:00Z. */
export const now = Date.parse("2026-11-20T10:00:00.000Z");

export const want = (parts: object): JobRequirements =>
  JobRequirements.parse({ schema: "job-requirements/1", ...parts });

/** Ten plain nodes, four with four A100 each, and a debug partition of two. */
export const slurm = {
  manager: "slurm",
  status: "present",
  canSubmit: true,
  partitions: [
    { name: "batch", isDefault: true, up: true, maxWalltimeSeconds: 86_400 },
    { name: "gpu", up: true, maxWalltimeSeconds: 43_200, maxNodesPerJob: 3 },
    { name: "debug", up: true, maxWalltimeSeconds: 1800 },
  ],
  nodeGroups: [
    {
      partitions: ["batch"],
      nodes: 10,
      availableNodes: 9,
      idleNodes: 4,
      coresPerNode: 64,
      idleCores: 256,
      memoryBytesPerNode: 256 * 2 ** 30,
    },
    {
      partitions: ["gpu"],
      nodes: 4,
      availableNodes: 4,
      idleNodes: 1,
      coresPerNode: 48,
      idleCores: 48,
      memoryBytesPerNode: 512 * 2 ** 30,
      gpusPerNode: 4,
      idleGpus: 4,
      gpuModel: "nvidia_a100_80gb",
      gpuVendor: "nvidia",
    },
    {
      partitions: ["debug"],
      nodes: 2,
      availableNodes: 2,
      idleNodes: 2,
      coresPerNode: 16,
      idleCores: 32,
      memoryBytesPerNode: 64 * 2 ** 30,
    },
  ],
  pendingJobs: 7,
  runningJobs: 12,
  evidence: "ev-slurm",
};

const evidence = [
  {
    id: "ev-slurm",
    provider: "slurm",
    tool: "summary",
    args: {},
    scope: "cluster",
    observedAt: "2026-11-20T10:00:00.000Z",
  },
];

export const siteFacts = (parts: object = {}): Facts =>
  Facts.parse({
    schema: "facts/1",
    workerId: "site-a",
    observedAt: "2026-11-20T10:00:00.000Z",
    workloads: [slurm],
    evidence,
    ...parts,
  });

export const onPath = (...found: object[]): object => ({
  source: "path",
  status: found.length > 0 ? "present" : "empty",
  scope: "login-node",
  found,
  evidence: "ev-path",
});

export const names: Readonly<Record<string, readonly string[]>> = {
  lammps: ["lmp"],
  gromacs: ["gmx", "gmx_mpi"],
};
export const lookup = (name: string): readonly string[] => names[name] ?? [];

export interface FakeSite extends Site {
  readonly queries: FactsQuery[];
}

export function fakeSite(
  facts: Facts | (() => Promise<Facts>),
  options: { engines?: readonly Engine[] } & Partial<Pick<Site, "policy" | "prices">> = {},
): FakeSite {
  const queries: FactsQuery[] = [];
  return {
    workerId: "site-a",
    providers: new Map(),
    probes: [],
    engines: options.engines ?? [fakeEngine("slurm")],
    policy: options.policy,
    prices: options.prices,
    queries,
    manifest: () => Promise.resolve({}),
    facts: (query) => {
      queries.push(query);
      return typeof facts === "function" ? facts() : Promise.resolve(facts);
    },
    truth: () => Promise.resolve({ truth: {}, registry: {}, metadata: {} }),
    close: () => Promise.resolve(),
  };
}

const never = (): Promise<never> => Promise.reject(new Error("a secretary must not act"));

/** An engine that must never be asked to act. */
export function fakeEngine(
  manager: string,
  estimate?: (spec: JobSpec) => Promise<StartEstimate | undefined>,
): Engine {
  return {
    manager,
    loadsSoftware: manager !== "local",
    workload: never,
    submit: never,
    find: never,
    status: never,
    logs: never,
    cancel: never,
    close: () => Promise.resolve(),
    ...(estimate === undefined ? {} : { estimate }),
  };
}

export const call = (requirements: object, parts: object = {}): CallForProposals =>
  CallForProposals.parse({
    schema: "call-for-proposals/1",
    negotiationId: "neg_1",
    requirements: { schema: "job-requirements/1", ...requirements },
    ...parts,
  });
