import { Facts, Verdict, digest, isoTime, shortHash } from "@parley/core";
import type { Proposal, ProposalMetrics } from "@parley/core";
import { isObject } from "./legacy-block.ts";
import type { JsonObject } from "./legacy-block.ts";

const longestText = 2000;
const longestList = 64;

/**
 * A typed proposal of what an older worker wrote: `{verdict, reasoning, metrics, constraints}`. Its numbers are
 * unknown where they are missing, negative or no numbers. Facts it has none, so nothing it says can be checked.
 * @param now - milliseconds since the epoch the answer is dated.
 */
export function legacyProposal(workerId: string, block: JsonObject, now: number): Proposal {
  const at = isoTime(now);
  const verdict = readVerdict(block["verdict"]) ?? "UNKNOWN";
  const facts = Facts.parse({ schema: "facts/1", workerId, observedAt: at });
  const reasoning = text(block["reasoning"]) ?? text(block["reason"]);
  return {
    schema: "proposal/1",
    offerId: `offer_${shortHash(`${workerId} ${at}`, 12)}`,
    workerId,
    verdict,
    reasons: reasoning === undefined ? [] : [reasoning],
    clauses: [],
    constraints: texts(block["constraints"]),
    metrics: legacyMetrics(block["metrics"]),
    estimates: {},
    scores: {},
    facts,
    factsDigest: digest(facts),
    calls: [],
    mode: "model",
    observedAt: at,
    validUntil: at,
    durationMs: 0,
  };
}

/** Reads a verdict in any case; anything else is none. */
export function readVerdict(value: unknown): Verdict | undefined {
  const verdict = Verdict.safeParse(typeof value === "string" ? value.trim().toUpperCase() : value);
  return verdict.success ? verdict.data : undefined;
}

/** The seed's metrics under our names. */
export function legacyMetrics(value: unknown): ProposalMetrics {
  const metrics = isObject(value) ? value : {};
  const currency = metrics["currency"];
  return {
    idleNodes: whole(metrics["idle_nodes"] ?? metrics["available_nodes"] ?? metrics["idleNodes"]),
    idleCores: whole(metrics["available_cores"] ?? metrics["idle_cores"] ?? metrics["idleCores"]),
    queueDepth: whole(metrics["queue_depth"] ?? metrics["queueDepth"]),
    startSeconds: amount(metrics["ets_seconds"] ?? metrics["startSeconds"]),
    cost: amount(metrics["total_cost"] ?? metrics["cost"]),
    currency: currency === "USD" || currency === "EUR" || currency === "GBP" ? currency : null,
  };
}

/** Metrics of `over` where it knows them, else those of `base`. */
export function mergeMetrics(base: ProposalMetrics, over: ProposalMetrics): ProposalMetrics {
  return {
    idleNodes: over.idleNodes ?? base.idleNodes,
    idleCores: over.idleCores ?? base.idleCores,
    queueDepth: over.queueDepth ?? base.queueDepth,
    startSeconds: over.startSeconds ?? base.startSeconds,
    cost: over.cost ?? base.cost,
    currency: over.currency ?? base.currency,
  };
}

function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function whole(value: unknown): number | null {
  const number = amount(value);
  return number === null || number > Number.MAX_SAFE_INTEGER ? null : Math.floor(number);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, longestText) : undefined;
}

function texts(value: unknown): string[] {
  const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return items
    .map((item) => text(item))
    .filter((item) => item !== undefined)
    .slice(0, longestList);
}
