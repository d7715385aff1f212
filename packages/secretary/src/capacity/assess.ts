import { formatDuration } from "@parley/core";
import type { Clause, JobRequirements, NodeGroup } from "@parley/core";
import { toClause, verdictOf } from "../clause.ts";
import type { Finding } from "../clause.ts";
import { count } from "../words.ts";
import { gpuKind } from "./node-clauses.ts";
import { idleNodes } from "./nodes.ts";
import type { NodesJudged } from "./nodes.ts";
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

/** Judges one pool, whose nodes have been judged: how many there must be, and the limits of the partition. */
export function assessPool(requirements: JobRequirements, judged: NodesJudged, pool: Pool): Placement {
  const { need, groups, total, available } = judged;
  const nodes = need.allAvailable ? Math.max(1, idleNodes(groups.certain)) : available.nodes;
  const counted = { requirements, judged, pool, nodes: Math.min(total.nodes, need.maxNodes ?? Infinity) };
  const own = [countFinding(counted), ...limitFindings(requirements, pool, nodes)].map((finding) =>
    toClause({ ...finding, evidence: [pool.workload.evidence, ...(finding.evidence ?? [])] }),
  );
  const clauses = [...judged.clauses, ...own];
  return {
    pool,
    clauses,
    verdict: verdictOf(clauses),
    nodes,
    groups: groups.certain,
    fitsIdle: judged.idle,
  };
}

interface Counted {
  readonly requirements: JobRequirements;
  readonly judged: NodesJudged;
  readonly pool: Pool;
  readonly nodes: number;
}

/** Enough matching nodes, together, in one pool: the clause that says READY or BUSY. */
function countFinding(counted: Counted): Finding {
  const { groups, certain, possible, available, idle } = counted.judged;
  const where = counted.pool.partition === undefined ? "" : ` in ${counted.pool.partition.name}`;
  const finding = { path: "compute.nodes", need: nodesInWords(counted) };
  const matching = `${count(certain.matching, "matching node")}${where}`;
  if (counted.pool.groups.length === 0) {
    const empty = counted.pool.workload.status === "empty";
    const have = `${counted.pool.workload.manager} lists no nodes${where}`;
    return { ...finding, have, outcome: empty || where !== "" ? "unmet" : "unknown" };
  }
  if (!certain.fits) {
    const unsure = possible.fits;
    const have = unsure
      ? `${matching} for certain, more are not described fully`
      : shortfall(counted.judged, matching);
    return { ...finding, have, outcome: unsure ? "unknown" : "unmet" };
  }
  const pending = counted.pool.workload.pendingJobs;
  const queue = pending === undefined ? "" : `, ${count(pending, "job")} waiting`;
  const have = `${idleNodes(groups.certain)} of ${matching} idle${queue}`;
  if (idle) return { ...finding, have, outcome: "met" };
  const up = available.fits ? have : `only ${available.matching} of ${matching} up`;
  return { ...finding, have: up, outcome: "busy" };
}

/** What is missing: nodes, or room on as few nodes as the job may take. */
function shortfall({ need, certain: { nodes } }: NodesJudged, matching: string): string {
  const fewer = nodes > (need.maxNodes ?? Infinity);
  return fewer ? `${matching}, of which the job would take ${nodes}` : `has ${matching}`;
}

function nodesInWords(counted: Counted): string {
  const { requirements, judged, nodes } = counted;
  const { need } = judged;
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
