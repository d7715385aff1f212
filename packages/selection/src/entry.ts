import type { Proposal, Verdict } from "@parley/core";
import type { Candidate } from "./strategy.ts";

/** A candidate as a strategy sees it: the gate's verdict where there is one, and whether it may be chosen. */
export interface Entry {
  readonly workerId: string;
  readonly verdict: Verdict;
  readonly eligible: boolean;
  readonly proposal?: Proposal | undefined;
  /** Why it may not be chosen; empty for an eligible one. */
  readonly reason: string;
}

/** An eligible entry: READY or BUSY, with its proposal. */
export interface EligibleEntry extends Entry {
  readonly verdict: "READY" | "BUSY";
  readonly proposal: Proposal;
}

const longestReason = 300;

/** Reads candidates of any kind, one per worker (the first), and never throws for what they hold. */
export function readEntries(candidates: readonly Candidate[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const candidate of candidates) {
    if (!entries.has(candidate.workerId)) entries.set(candidate.workerId, readEntry(candidate));
  }
  return [...entries.values()];
}

export function isEligible(entry: Entry): entry is EligibleEntry {
  return entry.eligible;
}

function readEntry(candidate: Candidate): Entry {
  const { workerId, proposal, gate } = candidate;
  if (candidate.kind !== "proposal" || proposal === undefined) {
    const reason = candidate.error?.message ?? candidate.reason ?? "it sent no proposal";
    return { workerId, verdict: "UNKNOWN", eligible: false, reason: reason.slice(0, longestReason) };
  }
  const verdict = gate?.verdict ?? proposal.verdict;
  if (verdict === "READY" || verdict === "BUSY") {
    return { workerId, verdict, eligible: true, proposal, reason: "" };
  }
  const overruled = gate !== undefined && gate.verdict !== proposal.verdict;
  const reasons = (overruled || proposal.reasons.length === 0 ? gate?.reasons : proposal.reasons) ?? [];
  const claim = overruled ? `claims ${proposal.verdict}, the facts say ${verdict}` : verdict;
  const reason = [claim, ...reasons.slice(0, 2)].join(": ").slice(0, longestReason);
  return { workerId, verdict, eligible: false, proposal, reason };
}
