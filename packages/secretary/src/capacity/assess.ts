import { formatBytes, formatDuration } from "@parley/core";
import type { Clause, JobRequirements, NodeGroup } from "@parley/core";
import { atLeast, toClause, verdictOf } from "../clause.ts";
import type { Finding } from "../clause.ts";
import { count } from "../words.ts";
import type { CapacityNeed } from "./need.ts";
import { gpuKind, nodeFindings } from "./node-clauses.ts";
import { fit, fitsIdle, matchingGroups } from "./pool.ts";
import type { Pool } from "./pool.ts";

/** How a job would sit on one pool of nodes. */
export interface Placement {
  readonly pool: Pool;
  readonly clauses: readonly Clause[];
  readonly verdict: ReturnType<typeof verdictOf>;
  /** Nodes the job would take. */
  readonly nodes: number;
  /** Groups whose nodes have all that the job asks of a node. */
  readonly groups: readonly NodeGroup[];
  readonly fitsIdle: boolean;
}

/** Judges one pool: what nodes must have, how many there must be, and the limits of the partition. */
export function assessPool(requirements: JobRequirements, need: CapacityNeed, pool: Pool): Placement {
  const known = archKnown(need, pool);
  const groups = matchingGroups(known, pool.groups);
  const idle = fitsIdle(known, groups.certain);
  const total = fit(known, groups.certain.length > 0 ? groups.certain : groups.possible, "nodes");
  const available = fit(known, groups.certain, "availableNodes");
  const nodes = need.allAvailable ? Math.max(1, idleNodes(groups.certain)) : available.nodes;
  const findings: Finding[] = [
    ...nodeFindings(requirements, known, pool.groups),
    ...sumFindings(requirements, known, pool.groups),
    countFinding({
      requirements,
      need: known,
      pool,
      groups,
      idle,
      nodes: Math.min(total.nodes, known.maxNodes ?? Infinity),
    }),
    ...limitFindings(requirements, pool, nodes),
  ];
  const clauses = findings.map((finding) =>
    toClause({ ...finding, evidence: [pool.workload.evidence, ...(finding.evidence ?? [])] }),
  );
  return { pool, clauses, verdict: verdictOf(clauses), nodes, groups: groups.certain, fitsIdle: idle };
}

/** Where no group states its architecture, it is the hardware providers' question, not the scheduler's. */
function archKnown(need: CapacityNeed, pool: Pool): CapacityNeed {
  return pool.groups.every((group) => group.arch === undefined) ? { ...need, arch: undefined } : need;
}

function idleNodes(groups: readonly NodeGroup[]): number {
  return groups.reduce((total, group) => total + group.idleNodes, 0);
}

/** What all nodes together must have. */
function sumFindings(
  requirements: JobRequirements,
  need: CapacityNeed,
  groups: readonly NodeGroup[],
): readonly Finding[] {
  if (groups.length === 0) return [];
  const sum = (read: (group: NodeGroup) => number): number =>
    groups.reduce((total, group) => total + group.nodes * read(group), 0);
  const described = groups.every((group) => group.memoryBytesPerNode !== undefined);
  const memory = sum((group) => group.memoryBytesPerNode ?? 0);
  const coresPath = requirements.compute?.cores === undefined ? "compute.tasks" : "compute.cores";
  const asked = [
    {
      path: coresPath,
      amount: need.cores,
      have: sum((group) => group.coresPerNode),
      words: (n: number) => count(n, "core"),
    },
    {
      path: "gpu.total",
      amount: need.gpus,
      have: sum((group) => group.gpusPerNode),
      words: (n: number) => count(n, "GPU"),
    },
    {
      path: "memory.totalGb",
      amount: described ? need.memoryBytes : undefined,
      have: memory,
      words: (n: number) => `${formatBytes(n)} of memory`,
    },
  ];
  return asked.flatMap(({ path, amount, have, words }) =>
    amount === undefined
      ? []
      : [{ path, need: words(amount), have: `has ${words(have)} in all`, outcome: atLeast(have, amount) }],
  );
}

interface Counted {
  readonly requirements: JobRequirements;
  readonly need: CapacityNeed;
  readonly pool: Pool;
  readonly groups: ReturnType<typeof matchingGroups>;
  readonly idle: boolean;
  readonly nodes: number;
}

/** Enough matching nodes, together, in one pool: the clause that says READY or BUSY. */
function countFinding(counted: Counted): Finding {
  const { need, groups } = counted;
  const total = fit(need, groups.certain, "nodes");
  const available = fit(need, groups.certain, "availableNodes");
  const where = counted.pool.partition === undefined ? "" : ` in ${counted.pool.partition.name}`;
  const finding = { path: "compute.nodes", need: nodesInWords(counted) };
  const matching = `${count(total.matching, "matching node")}${where}`;
  if (counted.pool.groups.length === 0) {
    const empty = counted.pool.workload.status === "empty";
    const have = `${counted.pool.workload.manager} lists no nodes${where}`;
    return { ...finding, have, outcome: empty || where !== "" ? "unmet" : "unknown" };
  }
  if (!total.fits) {
    const unsure = fit(need, groups.possible, "nodes").fits;
    const have = unsure
      ? `${matching} for certain, more are not described fully`
      : shortfall(need, groups, matching);
    return { ...finding, have, outcome: unsure ? "unknown" : "unmet" };
  }
  const pending = counted.pool.workload.pendingJobs;
  const queue = pending === undefined ? "" : `, ${count(pending, "job")} waiting`;
  const have = `${idleNodes(groups.certain)} of ${matching} idle${queue}`;
  if (counted.idle) return { ...finding, have, outcome: "met" };
  const up = available.fits ? have : `only ${available.matching} of ${matching} up`;
  return { ...finding, have: up, outcome: "busy" };
}

/** What is missing: nodes, or room on as few nodes as the job may take. */
function shortfall(need: CapacityNeed, groups: Counted["groups"], matching: string): string {
  const { nodes } = fit(need, groups.certain, "nodes");
  const fewer = nodes > (need.maxNodes ?? Infinity);
  return fewer ? `${matching}, of which the job would take ${nodes}` : `has ${matching}`;
}

function nodesInWords(counted: Counted): string {
  const { need, requirements, nodes } = counted;
  if (need.allAvailable) return "all idle nodes";
  const kind = gpuKind(requirements);
  const gpus = need.gpus ?? need.gpusPerNode;
  const parts = [
    need.cores === undefined ? undefined : count(need.cores, "core"),
    gpus === undefined ? undefined : gpusInWords(gpus, kind, need.gpus === undefined),
  ].filter((part) => part !== undefined);
  const asked = count(nodes, need.wholeNodes ? "whole node" : "node");
  return parts.length === 0 ? asked : `${asked} for ${parts.join(" and ")}`;
}

function gpusInWords(gpus: number, kind: string | undefined, each: boolean): string {
  const named =
    kind === undefined ? count(gpus, "GPU") : `${gpus} ${gpus === 1 ? kind.replace("GPUs", "GPU") : kind}`;
  return each && !named.endsWith(" each") ? `${named} each` : named;
}

/** What the partition allows. A limit is a rule, so it restricts; it does not make the site incompatible. */
function limitFindings(requirements: JobRequirements, pool: Pool, nodes: number): readonly Finding[] {
  const partition = pool.partition;
  if (partition === undefined) return [];
  const walltime = requirements.time?.walltimeSec;
  const findings: Finding[] = [];
  if (!partition.up) {
    const have = `partition ${partition.name} is down`;
    findings.push({ path: "scheduler.queue", need: "a partition that is up", have, outcome: "busy" });
  }
  if (walltime !== undefined && walltime > (partition.maxWalltimeSeconds ?? Infinity)) {
    const have = `${partition.name} allows ${formatDuration(partition.maxWalltimeSeconds ?? 0)}`;
    const need = `${formatDuration(walltime)} of walltime`;
    findings.push({ path: "time.walltimeSec", need, have, outcome: "restricted" });
  }
  if (nodes > (partition.maxNodesPerJob ?? Infinity)) {
    const have = `${partition.name} allows ${count(partition.maxNodesPerJob ?? 0, "node")} a job`;
    findings.push({ path: "compute.nodes", need: count(nodes, "node"), have, outcome: "restricted" });
  }
  if (nodes < (partition.minNodesPerJob ?? 0)) {
    const have = `${partition.name} asks for at least ${count(partition.minNodesPerJob ?? 0, "node")} a job`;
    findings.push({ path: "compute.nodes", need: count(nodes, "node"), have, outcome: "restricted" });
  }
  return findings;
}
