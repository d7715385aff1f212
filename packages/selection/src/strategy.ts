import type {
  ErrorRecord,
  Factor,
  JobRequirements,
  Proposal,
  Random,
  Selection,
  Verdict,
} from "@parley/core";

/** What the hub's own check of a proposal on its facts came to. */
export interface Gate {
  readonly verdict: Verdict;
  /** Whether the claim agrees with the check. */
  readonly agrees: boolean;
  readonly reasons: readonly string[];
}

/** One site's answer of any kind; only those with a proposal can ever be selected. */
export interface Candidate {
  readonly workerId: string;
  readonly kind: "proposal" | "manifest_only" | "error";
  readonly proposal?: Proposal | undefined;
  readonly gate?: Gate | undefined;
  readonly error?: ErrorRecord | undefined;
  /** Why there is no proposal, for people. */
  readonly reason?: string | undefined;
}

export interface SelectContext {
  readonly requirements: JobRequirements;
  readonly random: Random;
  readonly factors?: readonly Factor[] | undefined;
  /** Weight per factor name; absent means derived from the requirements. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A way to choose. It never throws for what a candidate says; a fault of its own is a REJECTED selection. */
export interface Strategy {
  /** Command-line name: `first-ready`. */
  readonly name: string;
  /** The seed's tool-style name: `select_first_ready`. */
  readonly toolName: string;
  readonly description: string;
  select(candidates: readonly Candidate[], context: SelectContext): Promise<Selection>;
}
