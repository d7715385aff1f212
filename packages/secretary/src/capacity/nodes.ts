import { formatBytes } from "@parley/core";
import type { Clause, JobRequirements, NodeGroup } from "@parley/core";
import { atLeast, toClause } from "../clause.ts";
import type { Finding } from "../clause.ts";
import { count } from "../words.ts";
import type { CapacityNeed } from "./need.ts";
import { nodeFindings } from "./node-clauses.ts";
import { fit, fitsIdle, matchingGroups } from "./pool.ts";
import type { Fit } from "./pool.ts";

/** What a set of nodes is to a job, through whatever partition they are asked for: many have the same nodes. */
export interface NodesJudged {
  /** Without the architecture, where no node states its own. */
  readonly need: CapacityNeed;
  readonly groups: ReturnType<typeof matchingGroups>;
  /** Whether the job could start now. */
  readonly idle: boolean;
  /** On the nodes that match for certain. */
  readonly certain: Fit;
  /** On those that match as far as anyone knows. */
  readonly possible: Fit;
  /** On those that match for certain, or where there are none as far as anyone knows. */
  readonly total: Fit;
  /** On those that match for certain and are up. */
  readonly available: Fit;
  /** What single nodes and all nodes together must have. */
  readonly clauses: readonly Clause[];
}

export interface NodesAsked {
  readonly requirements: JobRequirements;
  readonly need: CapacityNeed;
  readonly groups: readonly NodeGroup[];
  readonly evidence: string | undefined;
}

export function judgeNodes({ requirements, need: asked, groups: all, evidence }: NodesAsked): NodesJudged {
  const need = archKnown(asked, all);
  const groups = matchingGroups(need, all);
  const certain = fit(need, groups.certain, "nodes");
  const possible = fit(need, groups.possible, "nodes");
  const findings = [...nodeFindings(requirements, need, all), ...sumFindings(requirements, need, all)];
  return {
    need,
    groups,
    idle: fitsIdle(need, groups.certain),
    certain,
    possible,
    total: groups.certain.length > 0 ? certain : possible,
    available: fit(need, groups.certain, "availableNodes"),
    clauses: findings.map((finding) =>
      toClause({ ...finding, evidence: [evidence, ...(finding.evidence ?? [])] }),
    ),
  };
}

/** Where no group states its architecture, it is the hardware providers' question, not the scheduler's. */
function archKnown(need: CapacityNeed, groups: readonly NodeGroup[]): CapacityNeed {
  return groups.every((group) => group.arch === undefined) ? { ...need, arch: undefined } : need;
}

export function idleNodes(groups: readonly NodeGroup[]): number {
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
