import { isoTime, toParleyError } from "@parley/core";
import type { Facts, JobRequirements } from "@parley/core";
import type { FactsQuery, Site } from "@parley/providers";
import { boundFacts } from "./bound-facts.ts";
import { commandProgram } from "./clauses/command.ts";
import type { ExpandName } from "./clauses/software.ts";
import { withDeadline } from "./deadline.ts";

/** What has to be looked up to judge a request, and nothing else. */
export function queryFor(requirements: JobRequirements, expand: ExpandName): FactsQuery {
  const program = commandProgram(requirements);
  const names = [
    ...(program === undefined || program.includes("/") ? [] : [program]),
    ...(requirements.software ?? []).map(({ name }) => name),
    ...(requirements.mpi?.impl === undefined ? [] : [requirements.mpi.impl]),
  ];
  const paths = (requirements.storage ?? []).map(({ path }) => path).filter((path) => path !== undefined);
  const workdir = requirements.execution?.workdir;
  return {
    software: [...new Set(names.flatMap((name) => [name, ...expand(name)]))].slice(0, 64),
    paths: [...new Set([...paths, ...(workdir === undefined ? [] : [workdir])])].slice(0, 32),
  };
}

/**
 * Asks a site for facts. A site that fails or is too slow yields facts that say so of each of its schedulers, which
 * the rules judge UNKNOWN; only an abort by the caller is thrown.
 */
export async function gatherFacts(
  site: Site,
  query: FactsQuery,
  options: {
    readonly timeoutMs: number;
    readonly signal?: AbortSignal | undefined;
    readonly now: () => number;
  },
): Promise<Facts> {
  const { timeoutMs } = options;
  try {
    const work = (signal: AbortSignal): Promise<Facts> => site.facts(query, { signal, timeoutMs });
    return boundFacts(await withDeadline(work, { ...options, what: "The site" }));
  } catch (error) {
    const failure = toParleyError(error, "E_PROVIDER_FAILED");
    if (failure.code === "E_INTERRUPTED" && options.signal?.aborted === true) throw failure;
    return silentFacts(site, failure.message, options.now());
  }
}

function silentFacts(site: Site, reason: string, now: number): Facts {
  const workloads = site.engines.map(({ manager }) => ({
    manager,
    status: "failed" as const,
    reason,
    canSubmit: true,
    partitions: [],
    nodeGroups: [],
  }));
  return boundFacts({
    schema: "facts/1",
    workerId: site.workerId,
    observedAt: isoTime(now),
    workloads,
    software: [],
    mpi: [],
    containers: [],
    fabrics: [],
    storage: [],
    hardware: [],
    probes: [{ provider: "site", category: "workload", status: "failed", scope: "cluster", detail: reason }],
    evidence: [],
    ...(site.prices === undefined ? {} : { prices: site.prices }),
    ...(site.policy === undefined ? {} : { policy: site.policy }),
  });
}
