import { systemClock, type JobRequirements, type MatchSpan } from "@parley/core";
import { readLeftovers } from "./leftovers.ts";
import { applyRule, createReading, type Rule } from "./mask.ts";
import { normalise } from "./normalise.ts";
import { arrayRules } from "./rules/arrays.ts";
import { budgetRules } from "./rules/budget.ts";
import { computeRules } from "./rules/compute.ts";
import { containerRules } from "./rules/containers.ts";
import { extentRules } from "./rules/extent.ts";
import { gpuRuntimeRules } from "./rules/gpu-runtimes.ts";
import { gpuRules } from "./rules/gpu.ts";
import { hintRules } from "./rules/hints.ts";
import { intentRules } from "./rules/intent.ts";
import { leftoverSizeRules, memoryRules } from "./rules/memory.ts";
import { mpiRules } from "./rules/mpi.ts";
import { networkRules } from "./rules/network.ts";
import { objectiveRules } from "./rules/objectives.ts";
import { placementRules } from "./rules/placement.ts";
import { platformRules } from "./rules/platform.ts";
import { managerRules, queueRules } from "./rules/scheduler.ts";
import { softwareRules } from "./rules/software.ts";
import { storageRules } from "./rules/storage.ts";
import { leftoverDurationRules, timeRules } from "./rules/time.ts";
import { vagueAmountRules } from "./rules/vague-amounts.ts";

/** What a request is read against. */
export interface ParseContext {
  /** Milliseconds since the epoch, for `by 18:00`; default the machine's clock. */
  readonly now?: number | undefined;
  /** IANA zone of the hours a request names; default UTC. */
  readonly timeZone?: string | undefined;
  /** Clusters that `on perlmutter` may name. */
  readonly clusters?: readonly string[] | undefined;
  /** Software names beyond the built-in table, as the clusters' own inventories report them. */
  readonly vocabulary?: readonly string[] | undefined;
}

/** A request as requirements, with the words each was read from. */
export interface ParsedRequest {
  readonly requirements: JobRequirements;
  /** Positions in `text`, in order and without overlap. */
  readonly spans: readonly MatchSpan[];
  /** The normalised request. */
  readonly text: string;
}

/** Rules in the order that works: what is read first is hidden from what follows. */
function orderRules(clusters: readonly string[], vocabulary: readonly string[]): readonly Rule[] {
  return [
    hintRules,
    placementRules(clusters),
    containerRules,
    budgetRules,
    intentRules,
    queueRules,
    timeRules,
    vagueAmountRules,
    gpuRuntimeRules,
    gpuRules,
    storageRules,
    networkRules,
    arrayRules,
    extentRules,
    computeRules,
    memoryRules,
    mpiRules,
    platformRules,
    managerRules,
    objectiveRules,
    softwareRules(vocabulary),
    leftoverSizeRules,
    leftoverDurationRules,
  ].flat();
}

interface Prepared {
  readonly key: string;
  readonly rules: readonly Rule[];
  readonly names: ReadonlySet<string>;
}

/** Keeps the rules of the last context: a hub reads every request against the same names. */
function createRuleCache(): (clusters: readonly string[], vocabulary: readonly string[]) => Prepared {
  let last: Prepared | undefined;
  return (clusters, vocabulary) => {
    const key = JSON.stringify([clusters, vocabulary]);
    if (last?.key !== key) {
      const names = new Set([...clusters, ...vocabulary].map((name) => name.toLowerCase()));
      last = { key, rules: orderRules(clusters, vocabulary), names };
    }
    return last;
  };
}

const rulesFor = createRuleCache();

/**
 * Reads a job request in plain words. The same words and context always give the same result; what no rule
 * understands and a site would have to know is in `requirements.unresolved`. The first statement about a field
 * wins, a second one that contradicts it is unresolved.
 * @throws `E_REQUEST_EMPTY`, `E_REQUEST_TOO_LONG` beyond 16,384 characters.
 */
export function parseRequest(request: string, context: ParseContext = {}): ParsedRequest {
  const text = normalise(request);
  const { clusters = [], vocabulary = [], timeZone = "UTC", now = systemClock.now() } = context;
  const lower = text.toLowerCase();
  // A pattern over every name of a large federation costs more than all other rules together.
  const named = clusters.filter((name) => lower.includes(name.toLowerCase()));
  const { rules, names } = rulesFor(named, vocabulary);
  const reading = createReading(text, { nowMilliseconds: now, timeZone, names });
  for (const rule of rules) applyRule(rule, reading);
  reading.draft.unresolved = readLeftovers(reading);
  return {
    requirements: reading.draft,
    spans: reading.spans.toSorted((a, b) => a.start - b.start),
    text,
  };
}
