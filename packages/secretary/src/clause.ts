import type { Clause, Verdict } from "@parley/core";
import { clip } from "./words.ts";

export type Outcome = Clause["outcome"];

/** What a requirement came to, before it is made a {@link Clause}. */
export interface Finding {
  readonly path: string;
  readonly need: string;
  readonly have: string;
  readonly outcome: Outcome;
  readonly importance?: "required" | "preferred" | "ignore" | undefined;
  readonly evidence?: readonly (string | undefined)[] | undefined;
}

/** Most clauses, reasons or constraints of one answer. */
export const longestList = 64;
const mostEvidence = 16;

export function toClause(finding: Finding): Clause {
  const evidence = (finding.evidence ?? []).filter((id) => id !== undefined);
  return {
    path: finding.path,
    need: clip(finding.need),
    have: clip(finding.have),
    outcome: finding.outcome,
    importance: finding.importance === "preferred" ? "preferred" : "required",
    evidence: [...new Set(evidence)].slice(0, mostEvidence),
  };
}

/** Outcomes from worst to best; the worst of the required clauses decides. */
const verdicts = [
  ["unmet", "INCOMPATIBLE"],
  ["restricted", "RESTRICTED"],
  ["unknown", "UNKNOWN"],
  ["busy", "BUSY"],
] as const satisfies readonly (readonly [Outcome, Verdict])[];

/** The verdict of a set of clauses: three-valued AND over the required ones. Preferred clauses never block. */
export function verdictOf(clauses: readonly Clause[]): Verdict {
  const required = clauses.filter(({ importance }) => importance === "required");
  const worst = verdicts.find(([outcome]) => required.some((clause) => clause.outcome === outcome));
  return worst?.[1] ?? "READY";
}

/** The sentences behind a verdict: the clauses that decided it, or for READY what carries it. */
export function reasonsOf(verdict: Verdict, clauses: readonly Clause[]): string[] {
  const outcome = verdicts.find(([, name]) => name === verdict)?.[0] ?? "met";
  return clauses
    .filter((clause) => clause.outcome === outcome && clause.importance === "required")
    .slice(0, longestList)
    .map(({ need, have }) => `needs ${need}: ${have}`);
}

/** Three-valued OR: met if any is, else unknown if any is, else unmet. */
export function anyOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("met")) return "met";
  return outcomes.includes("unknown") ? "unknown" : "unmet";
}

/** Three-valued comparison of a reading that may be missing. */
export function atLeast(have: number | undefined, need: number): Outcome {
  if (have === undefined) return "unknown";
  return have >= need ? "met" : "unmet";
}
