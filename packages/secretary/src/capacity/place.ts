import type { Facts, JobRequirements, Policy, Verdict, Workload } from "@parley/core";
import type { Finding } from "../clause.ts";
import { clip, list, plainName } from "../words.ts";
import { assessPool } from "./assess.ts";
import type { Placement } from "./assess.ts";
import { capacityNeed } from "./need.ts";
import type { CapacityNeed } from "./need.ts";
import { judgeNodes } from "./nodes.ts";
import type { NodesJudged } from "./nodes.ts";
import { poolsOf } from "./pool.ts";
import type { Pool } from "./pool.ts";

/** Where a job would go, and what was found on the way there. */
export interface Placed {
  readonly need: CapacityNeed;
  /** The best pool; absent when no workload manager could be judged. */
  readonly placement?: Placement | undefined;
  readonly findings: readonly Finding[];
}

const ranks: Readonly<Record<Verdict, number>> = {
  READY: 0,
  BUSY: 1,
  UNKNOWN: 2,
  RESTRICTED: 3,
  INCOMPATIBLE: 4,
};

/** Finds the pool that serves a request best: best verdict first, the nearest miss, then the site's own order. */
export function place(requirements: JobRequirements, facts: Facts): Placed {
  const { workloads, findings } = usableWorkloads(requirements, facts);
  const need = capacityNeed(requirements);
  const queues = workloads.map((workload) => poolsFor(requirements, workload, facts.policy));
  const pools = queues.flatMap((queue) => queue.pools);
  // Where none fits, the reason names the nearest: not "no GPU" where another queue's nodes have four.
  const nearer = (left: Placement, right: Placement): number =>
    left.verdict === "INCOMPATIBLE" && need.gpusPerNode !== undefined
      ? mostGpus(right.pool) - mostGpus(left.pool)
      : 0;
  const judgedNodes = new Map<Pool["groups"], NodesJudged>();
  const judge = ({ groups, workload: { evidence } }: Pool): NodesJudged => {
    const judged = judgedNodes.get(groups) ?? judgeNodes({ requirements, need, groups, evidence });
    judgedNodes.set(groups, judged);
    return judged;
  };
  const [best] = pools
    .map((pool) => assessPool(requirements, judge(pool), pool))
    .toSorted((left, right) => ranks[left.verdict] - ranks[right.verdict] || nearer(left, right));
  const refused = best === undefined ? queues.flatMap((queue) => queue.findings) : [];
  return { need, placement: best, findings: [...findings, ...refused] };
}

function mostGpus(pool: Pool): number {
  return Math.max(0, ...pool.groups.map((group) => group.gpusPerNode));
}

/** The workload managers that count for a request. */
function usableWorkloads(
  requirements: JobRequirements,
  facts: Facts,
): { readonly workloads: readonly Workload[]; readonly findings: readonly Finding[] } {
  const seen = relevantWorkloads(facts);
  const wanted = requirements.scheduler?.managers?.map((manager) => plainName(manager));
  const found = facts.workloads.filter(({ status }) => status !== "absent");
  const named =
    wanted === undefined ? seen : found.filter(({ manager }) => wanted.includes(plainName(manager)));
  if (wanted !== undefined && named.length === 0) {
    const have = found.length === 0 ? "has no scheduler" : `has ${list(found.map(({ manager }) => manager))}`;
    const need = list(requirements.scheduler?.managers ?? []).replace(/ and /, " or ");
    return { workloads: [], findings: [{ path: "scheduler.managers", need, have, outcome: "unmet" }] };
  }
  const read = named.filter(({ status }) => status === "present" || status === "empty");
  const open = read.filter(({ canSubmit }) => canSubmit);
  if (open.length > 0) return { workloads: open, findings: [] };
  const silent = named.filter((workload) => !read.includes(workload)).map((workload) => trouble(workload));
  const troubles = found.length === 0 ? probeTroubles(facts) : silent;
  if (requirements.intent === "check") {
    return read.length > 0
      ? { workloads: read, findings: [] }
      : { workloads: [], findings: checkable(requirements, facts, troubles) };
  }
  if (read.length === 0 && troubles.length > 0) return { workloads: [], findings: troubles };
  return { workloads: read, findings: [closed(read)] };
}

/** A login node's own processes are no cluster: `local` counts only where nothing else runs jobs here. */
export function relevantWorkloads(facts: Facts): readonly Workload[] {
  const found = facts.workloads.filter(({ status }) => status !== "absent");
  const cluster = found.some(
    ({ manager, status, canSubmit }) => manager !== "local" && (canSubmit || status !== "present"),
  );
  return cluster ? found.filter(({ manager }) => manager !== "local") : found;
}

function trouble(workload: Workload): Finding {
  return {
    path: "scheduler",
    need: `an answer from ${workload.manager}`,
    have: clip(workload.reason ?? `it is ${workload.status}`),
    outcome: workload.status === "forbidden" ? "restricted" : "unknown",
    evidence: [workload.evidence],
  };
}

/** A scheduler's provider that failed is no proof that there is no scheduler. */
function probeTroubles(facts: Facts): readonly Finding[] {
  return facts.probes
    .filter(({ category, status }) => category === "workload" && ["unreachable", "failed"].includes(status))
    .map(({ provider, status, detail }) => ({
      path: "scheduler",
      need: `an answer from ${clip(provider, 60)}`,
      have: clip(detail ?? `it is ${status}`),
      outcome: "unknown",
    }));
}

function closed(read: readonly Workload[]): Finding {
  const managers = list(read.map(({ manager }) => manager));
  const have =
    read.length === 0
      ? "this site cannot run jobs: no scheduler enabled"
      : `this site shows ${managers} but has submission turned off`;
  return { path: "intent", need: "to run a job", have, outcome: "restricted" };
}

/** A question about a site without a scheduler: one node it is itself, more cannot be told. */
function checkable(
  requirements: JobRequirements,
  facts: Facts,
  troubles: readonly Finding[],
): readonly Finding[] {
  const need = capacityNeed(requirements);
  const asks =
    requirements.compute ?? requirements.memory ?? (requirements.gpu?.need === "required" || undefined);
  if (asks === undefined) return [];
  if (troubles.length > 0) return troubles;
  const plainNode = need.minNodes === 1 && !need.allAvailable && need.cores === undefined;
  const plain = plainNode && need.coresPerNode === undefined && requirements.memory === undefined;
  const machine = plain && need.gpusPerNode === undefined && facts.hardware.length > 0;
  const have = machine ? "this machine" : "no scheduler to ask";
  const outcome = machine ? "met" : "unknown";
  return [{ path: "compute.nodes", need: "the nodes asked for", have, outcome }];
}

/** The pools a request may use: the queue it names, or those the policy opens. */
function poolsFor(
  requirements: JobRequirements,
  workload: Workload,
  policy: Policy | undefined,
): { readonly pools: readonly Pool[]; readonly findings: readonly Finding[] } {
  const pools = poolsOf(workload);
  const queue = requirements.scheduler?.queue;
  const open = pools.filter(
    ({ partition }) => partition === undefined || (policy?.queues?.includes(partition.name) ?? true),
  );
  if (queue === undefined) {
    const have = `the operator opens none of ${list(workload.partitions.map(({ name }) => name))}`;
    const finding: Finding = {
      path: "scheduler.queue",
      need: "a queue open to Parley",
      have,
      outcome: "restricted",
    };
    return { pools: open, findings: open.length === 0 ? [finding] : [] };
  }
  const named = open.filter(({ partition }) => partition?.name === queue);
  const names = open.flatMap(({ partition }) => (partition === undefined ? [] : [partition.name]));
  const have =
    names.length === 0 ? `${workload.manager} has no queues` : `${workload.manager} offers ${list(names)}`;
  const finding: Finding = {
    path: "scheduler.queue",
    need: `queue ${clip(queue, 60)}`,
    have,
    outcome: "restricted",
  };
  return {
    pools: named,
    findings: named.length === 0 ? [{ ...finding, evidence: [workload.evidence] }] : [],
  };
}
