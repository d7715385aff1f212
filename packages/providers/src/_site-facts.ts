import { type ProbeReport, type ProbeStatus, type Workload, toParleyError } from "@parley/core";
import { openDeadline } from "./_bounded.ts";
import type { Deadline } from "./_bounded.ts";
import { type FactsPart, checkPart, emptyPart, joinParts } from "./_partial-facts.ts";
import { isUsable } from "./_probe.ts";
import type { Roster } from "./_roster.ts";
import type { FactsQuery, Provider } from "./provider.ts";

interface Collected extends FactsPart {
  readonly probes: ProbeReport[];
}

interface CollectOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks every usable provider at once. One that fails becomes a probe report; only the caller's own abort is an error.
 * @throws {@link ParleyError} `E_INTERRUPTED`
 */
export async function collectFacts(
  roster: Roster,
  query: FactsQuery,
  options: CollectOptions,
): Promise<Collected> {
  const deadline = openDeadline(options);
  const asked = [...roster.usable.values()].map((provider) => ask(provider, query, { ...options, deadline }));
  const answers = await Promise.all(asked).finally(() => deadline.close());
  const failures = new Map(answers.flatMap(({ failure }) => (failure ? [[failure.provider, failure]] : [])));
  const probes = roster.probes().map((probe) => failures.get(probe.provider) ?? probe);
  const joined = joinParts(answers.map(({ part }) => part));
  return { ...joined, workloads: [...joined.workloads, ...outOfReach(probes)], probes };
}

interface Answer {
  readonly part: FactsPart;
  readonly failure?: ProbeReport | undefined;
}

async function ask(
  provider: Provider,
  query: FactsQuery,
  { deadline, signal }: CollectOptions & { readonly deadline: Deadline },
): Promise<Answer> {
  const { name, category, scope } = provider;
  try {
    const part = await deadline.run(`Provider ${name}`, (callOptions) => provider.facts(query, callOptions));
    return { part: checkPart(name, part) };
  } catch (thrown) {
    const error = toParleyError(thrown, "E_PROVIDER_FAILED");
    if (signal?.aborted === true) throw error;
    const status: ProbeStatus = error.code === "E_PROVIDER_TIMEOUT" ? "unreachable" : "failed";
    return { part: emptyPart(), failure: { provider: name, category, scope, status, detail: error.message } };
  }
}

/** Schedulers that are installed but could not be read are named with the reason, so that nobody reads "none". */
function outOfReach(probes: readonly ProbeReport[]): readonly Workload[] {
  return probes
    .filter((probe) => probe.category === "workload" && probe.status !== "absent" && !isUsable(probe))
    .map(({ provider, status, detail }) => ({
      manager: provider,
      status,
      reason: detail,
      canSubmit: false,
      partitions: [],
      nodeGroups: [],
    }));
}
