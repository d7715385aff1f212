import type { Facts, Fabric } from "./facts.ts";
import type { Factor, FactorName, ProposalMetrics } from "./proposal.ts";
import type { JobRequirements } from "./requirements.ts";
import { bytesPerGib } from "./units.ts";

/** A fabric without RDMA counts at most this fast: latency, not bandwidth, bounds what it gives a parallel job. */
const plainFabricGbps = 40;

/**
 * The scoring axes every hub and every site share. The reference points are absolute, so a score means the
 * same whoever else answers: a reading of `worst` scores 0, `best` scores 1, and `worst > best` where less is better.
 */
export const factorTable: readonly Factor[] = [
  {
    name: "network",
    question: "How fast is the interconnect between compute nodes?",
    unit: "Gb/s",
    scale: "log",
    worst: 1,
    best: 100,
  },
  {
    name: "compute",
    question: "How many processor cores are idle?",
    unit: "cores",
    scale: "log",
    worst: 1,
    best: 10_000,
  },
  {
    name: "gpu",
    question: "How many GPUs of the kind asked for are idle?",
    unit: "GPUs",
    scale: "log",
    worst: 0.5,
    best: 512,
  },
  {
    name: "storage",
    question: "How much is free on the largest file system?",
    unit: "GiB",
    scale: "log",
    worst: 10,
    best: 1_000_000,
  },
  {
    name: "software",
    question: "What part of the software named is installed?",
    unit: "fraction",
    scale: "linear",
    worst: 0,
    best: 1,
  },
  {
    name: "wait",
    question: "After how many seconds can the job start?",
    unit: "s",
    scale: "log",
    worst: 86_400,
    best: 10,
  },
  {
    name: "cost",
    question: "What does the job cost?",
    unit: "currency",
    scale: "log",
    worst: 10_000,
    best: 0.1,
  },
];

/**
 * What a reading nobody could take scores: a fixed, pessimistic 0.1. An honest answer beats silence except in the worst
 * tenth of a scale.
 */
export const missingScore = 0.1;

/**
 * Places a reading on a factor's scale.
 * @returns 0..1; {@link missingScore} for null, for a reading that is no finite number, and for a factor whose
 * reference points span nothing.
 */
export function scoreReading(factor: Factor, reading: number | null): number {
  if (reading === null || !Number.isFinite(reading)) return missingScore;
  const low = Math.min(factor.worst, factor.best);
  const high = Math.max(factor.worst, factor.best);
  const bounded = Math.min(high, Math.max(low, reading));
  const place = (value: number): number => (factor.scale === "log" ? Math.log10(value) : value);
  const score = (place(bounded) - place(factor.worst)) / (place(factor.best) - place(factor.worst));
  return Number.isFinite(score) ? Math.min(1, Math.max(0, score)) : missingScore;
}

/** Readings of every factor for one request at one site; null where the facts do not say. */
export function readFactors(
  requirements: Pick<JobRequirements, "budget" | "gpu" | "software">,
  facts: Facts,
  metrics: ProposalMetrics,
): Record<FactorName, number | null> {
  return {
    network: largest(facts.fabrics.map(fabricGbps)),
    compute: metrics.idleCores ?? sum(nodeGroups(facts).map((group) => group.idleCores)),
    gpu: idleGpus(requirements, facts),
    storage: largest(facts.storage.map((item) => scaled(item.freeBytes))),
    software: softwareShare(requirements, facts),
    wait: metrics.startSeconds,
    cost: costReading(requirements, metrics),
  };
}

function fabricGbps(fabric: Fabric): number | null {
  if (fabric.bitsPerSecond === undefined) return null;
  const gbps = fabric.bitsPerSecond / 1e9;
  return fabric.rdma ? gbps : Math.min(plainFabricGbps, gbps);
}

function idleGpus(requirements: Pick<JobRequirements, "gpu">, facts: Facts): number | null {
  const vendor = requirements.gpu?.vendor;
  const groups = nodeGroups(facts).filter(
    (group) =>
      group.gpusPerNode > 0 &&
      (vendor === undefined || group.gpuVendor === undefined || group.gpuVendor === vendor),
  );
  if (groups.length === 0) return nodeGroups(facts).length === 0 ? null : 0;
  return sum(groups.map((group) => group.idleGpus ?? group.idleNodes * group.gpusPerNode));
}

function softwareShare(requirements: Pick<JobRequirements, "software">, facts: Facts): number | null {
  const wanted = (requirements.software ?? []).filter((item) => item.importance !== "ignore");
  const answered = facts.software.filter(({ status }) => status === "present" || status === "empty");
  if (wanted.length === 0 || answered.length === 0) return null;
  const found = new Set(answered.flatMap((inventory) => inventory.found.map(({ name }) => plain(name))));
  // A site looks up only what the request names, so with one name whatever it found is that, or an alias of it.
  if (wanted.length === 1) return found.size > 0 ? 1 : 0;
  return wanted.filter(({ name }) => found.has(plain(name))).length / wanted.length;
}

function costReading(requirements: Pick<JobRequirements, "budget">, metrics: ProposalMetrics): number | null {
  const unit = requirements.budget?.unit;
  const comparable = unit === undefined || metrics.currency === null || unit.endsWith("-hours");
  return comparable || metrics.currency === unit ? metrics.cost : null;
}

function nodeGroups(facts: Facts): Facts["workloads"][number]["nodeGroups"] {
  return facts.workloads.filter(({ status }) => status === "present").flatMap((item) => item.nodeGroups);
}

function scaled(bytes: number | undefined): number | null {
  return bytes === undefined ? null : bytes / bytesPerGib;
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((left, right) => Math.max(left, right));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
