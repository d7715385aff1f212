import { factorTable, formatDuration, readFactors, scoreReading } from "@parley/core";
import type {
  Clause,
  Estimates,
  Facts,
  FactorName,
  JobRequirements,
  Proposal,
  ProposalMetrics,
  Verdict,
} from "@parley/core";
import { boundFacts } from "./bound-facts.ts";
import type { Placement } from "./capacity/assess.ts";
import { place } from "./capacity/place.ts";
import type { Placed } from "./capacity/place.ts";
import { longestList, reasonsOf, toClause, verdictOf } from "./clause.ts";
import type { Finding } from "./clause.ts";
import { budgetFindings } from "./clauses/budget.ts";
import { commandFindings } from "./clauses/command.ts";
import { containerFindings } from "./clauses/container.ts";
import { mpiFindings } from "./clauses/mpi.ts";
import { networkFindings } from "./clauses/network.ts";
import { platformFindings } from "./clauses/platform.ts";
import { placementFindings, policyFindings, requestFindings } from "./clauses/rules.ts";
import type { JobSize } from "./clauses/rules.ts";
import { softwareFindings } from "./clauses/software.ts";
import type { ExpandName } from "./clauses/software.ts";
import { storageFindings } from "./clauses/storage.ts";
import { timeFindings } from "./clauses/time.ts";
import type { Start } from "./clauses/time.ts";
import { costOf } from "./cost.ts";
import { longestWalltime } from "./spec.ts";
import { plannedWalltime } from "./walltime.ts";
import type { Walltime } from "./walltime.ts";
import { clip } from "./words.ts";

export interface EvaluateOptions {
  /** Milliseconds since the epoch: deadlines count from here. */
  readonly now: number;
  /** The scheduler's own estimate of the start; absent when it gave none. */
  readonly startEstimateSeconds?: number | undefined;
  /** The scheduler's words when its dry run refused the job. */
  readonly refusal?: string | undefined;
  /** Other names of a piece of software; default none. */
  readonly expand?: ExpandName | undefined;
  /** Who asks, by the name their token carries; absent leaves {@link Policy} `submitters` unchecked. */
  readonly submitter?: string | undefined;
}

/** What the rules make of a request at a site. */
export interface Evaluation {
  readonly verdict: Verdict;
  /** The clauses that decided, as sentences. */
  readonly reasons: readonly string[];
  readonly clauses: readonly Clause[];
  /** What a requester should know before accepting: limits set for them, rules in the way. */
  readonly constraints: readonly string[];
  readonly metrics: ProposalMetrics;
  readonly estimates: Estimates;
  readonly scores: Proposal["scores"];
  /** The manager and partition the job would go to. */
  readonly manager?: string | undefined;
  readonly partition?: string | undefined;
  /** Nodes the job would take. */
  readonly nodes?: number | undefined;
}

/**
 * Judges a request on facts in three-valued logic. Pure: a worker answers with it, and a hub checks the answer with
 * it on the facts that came along. Of lists longer than a proposal may hold only the start is read.
 *
 * INCOMPATIBLE: a required clause is unmet. RESTRICTED: a rule, limit, budget or open question is in the way.
 * UNKNOWN: a required fact could not be read. BUSY: not now. READY: all required clauses hold.
 */
export function evaluate(requirements: JobRequirements, given: Facts, options: EvaluateOptions): Evaluation {
  const facts = boundFacts(given);
  return evaluatePlaced(requirements, { facts, placed: place(requirements, facts) }, options);
}

/** {@link evaluate} on facts that are bounded, for a job that is placed on them already. */
export function evaluatePlaced(
  requirements: JobRequirements,
  { facts, placed }: { readonly facts: Facts; readonly placed: Placed },
  options: EvaluateOptions,
): Evaluation {
  const { placement, findings: placing } = placed;
  const walltime = plannedWalltime(requirements, options.now, longestWalltime(placement, facts));
  const job = jobSize(requirements, placed, walltime);
  const cost = costOf(facts.prices, job);
  const start = startOf(placement, options);
  const findings = [
    ...placing,
    ...refusalFinding(options.refusal),
    ...timeFindings(requirements, start, options.now),
    ...budgetFindings(requirements.budget, { job, walltime, cost }),
    ...siteFindings(requirements, facts, options.expand ?? (() => [])),
    ...commandFindings(requirements, facts, {
      workload: placement?.pool.workload,
      expand: options.expand ?? (() => []),
    }),
    ...policyFindings(requirements, facts, { ...job, submitter: options.submitter }),
    ...placementFindings(requirements, facts.workerId),
    ...requestFindings(requirements, options.now),
  ];
  const all = [...(placement?.clauses ?? []), ...findings.map((finding) => toClause(finding))];
  const verdict = verdictOf(all);
  const metrics = metricsOf(placement, start, cost);
  return {
    verdict,
    reasons: reasonsOf(verdict, all),
    clauses: bounded(all),
    constraints: constraintsOf(all, walltime, requirements),
    metrics,
    estimates: estimatesOf(start, cost),
    scores: scoresOf(requirements, facts, metrics),
    manager: placement?.pool.workload.manager,
    partition: placement?.pool.partition?.name,
    nodes: placement?.nodes,
  };
}

/** What a site has, whatever its nodes are doing. */
function siteFindings(requirements: JobRequirements, facts: Facts, expand: ExpandName): readonly Finding[] {
  return [
    ...softwareFindings(requirements, facts, expand),
    ...mpiFindings(requirements, facts, expand),
    ...containerFindings(requirements, facts),
    ...networkFindings(requirements, facts),
    ...storageFindings(requirements, facts),
    ...platformFindings(requirements, facts),
    ...optionalGpuFinding(requirements, facts),
  ];
}

function jobSize(
  requirements: JobRequirements,
  { need, placement }: Placed,
  walltime: Walltime,
): Required<JobSize> {
  const elements = requirements.array?.count ?? 1;
  const nodes = placement?.nodes ?? need.minNodes;
  const whole = nodes * (placement?.groups[0]?.coresPerNode ?? 1);
  const cores = need.wholeNodes ? whole : (need.cores ?? nodes * (need.coresPerNode ?? 1));
  const gpus = need.gpus ?? (need.gpusPerNode === undefined ? 0 : need.gpusPerNode * nodes);
  return {
    nodes: nodes * elements,
    cores: Math.max(cores, need.cores ?? 0) * elements,
    gpus: gpus * elements,
    walltimeSeconds: walltime.seconds,
  };
}

function startOf(placement: Placement | undefined, options: EvaluateOptions): Start {
  const known = placement !== undefined && placement.groups.length > 0;
  // A scheduler accepts jobs for a partition that is down and estimates as if it were up.
  if (placement?.pool.partition?.up === false) return { known };
  if (options.startEstimateSeconds !== undefined) {
    return { seconds: Math.max(0, options.startEstimateSeconds), basis: "scheduler", known };
  }
  if (placement?.fitsIdle === true && placement.verdict === "READY") {
    return { seconds: 0, basis: "idle-capacity", known };
  }
  return { known };
}

function refusalFinding(refusal: string | undefined): readonly Finding[] {
  if (refusal === undefined) return [];
  return [
    {
      path: "scheduler",
      need: "the scheduler to accept the job",
      have: clip(refusal),
      outcome: "restricted",
    },
  ];
}

/** A GPU that would be welcome but is not needed. */
function optionalGpuFinding(requirements: JobRequirements, facts: Facts): readonly Finding[] {
  const gpu = requirements.gpu;
  const welcome = gpu?.need === "optional" || (gpu?.need === "required" && gpu.importance === "preferred");
  if (!welcome) return [];
  const most = facts.workloads
    .flatMap(({ nodeGroups }) => nodeGroups)
    .reduce((largest, group) => Math.max(largest, group.gpusPerNode), 0);
  const have = most === 0 ? "no node has a GPU" : `largest node has ${most}`;
  return [{ path: "gpu", need: "a GPU", have, outcome: most > 0 ? "met" : "unmet", importance: "preferred" }];
}

function metricsOf(placement: Placement | undefined, start: Start, cost: Estimates["cost"]): ProposalMetrics {
  const sum = (key: "idleNodes" | "idleCores"): number | null =>
    placement === undefined ? null : placement.groups.reduce((total, group) => total + group[key], 0);
  return {
    idleNodes: sum("idleNodes"),
    idleCores: sum("idleCores"),
    queueDepth: placement?.pool.workload.pendingJobs ?? null,
    startSeconds: start.seconds ?? null,
    cost: cost?.amount ?? null,
    currency: cost?.currency ?? null,
  };
}

function estimatesOf(start: Start, cost: Estimates["cost"]): Estimates {
  return {
    ...(start.seconds === undefined ? {} : { startSeconds: { p50: start.seconds }, startBasis: start.basis }),
    ...(cost === undefined ? {} : { cost }),
  };
}

function scoresOf(requirements: JobRequirements, facts: Facts, metrics: ProposalMetrics): Proposal["scores"] {
  const readings: Record<FactorName, number | null> = readFactors(requirements, facts, metrics);
  return Object.fromEntries(
    factorTable.map((factor) => {
      const reading = readings[factor.name];
      return [factor.name, reading === null ? null : scoreReading(factor, reading)];
    }),
  );
}

/** Blocking clauses survive the cut of a list too long to send. */
function bounded(clauses: readonly Clause[]): readonly Clause[] {
  if (clauses.length <= longestList) return clauses;
  return clauses
    .toSorted((left, right) => Number(left.outcome === "met") - Number(right.outcome === "met"))
    .slice(0, longestList);
}

function constraintsOf(
  clauses: readonly Clause[],
  walltime: Walltime,
  requirements: JobRequirements,
): readonly string[] {
  const limits = clauses
    .filter(({ outcome, importance }) => outcome === "restricted" && importance === "required")
    .map(({ path, have }) => `${path}: ${have}`);
  const late = clauses.some(
    ({ path, outcome }) => outcome === "busy" && ["time.finishWithinSec", "time.deadlineAt"].includes(path),
  );
  const implied = requirements.intent === "run" && walltime.basis !== "stated";
  const basis = walltime.basis === "deadline" ? "the time left" : "the default";
  return [
    ...(late ? ["deadline"] : []),
    ...limits,
    ...(implied
      ? [`no walltime stated: the job would be ended after ${formatDuration(walltime.seconds)}, ${basis}`]
      : []),
  ].slice(0, longestList);
}
