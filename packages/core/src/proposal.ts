import { z } from "zod";
import { Facts } from "./facts.ts";
import { ModelPart } from "./reading.ts";
import { JobRequirements } from "./requirements.ts";

const Text = z.string();
const Time = z.iso.datetime();
const UnitInterval = z.number().min(0).max(1);

/** A site's answer in one word; BUSY means yes but not now, RESTRICTED means only if a rule or a question is settled. */
export const Verdict = z.enum(["READY", "BUSY", "RESTRICTED", "INCOMPATIBLE", "UNKNOWN"]);
export type Verdict = z.infer<typeof Verdict>;

/** How one requirement fared against the facts. */
export const Clause = z.object({
  /** Path into the requirements, such as `compute.nodes` or `software.0`. */
  path: Text,
  need: Text,
  have: Text,
  outcome: z.enum(["met", "unmet", "busy", "restricted", "unknown"]),
  importance: z.enum(["required", "preferred"]).default("required"),
  /** Ids of the evidence in `facts.evidence`. */
  evidence: z.array(Text).default([]),
});
export type Clause = z.infer<typeof Clause>;

/** The axes a proposal can be scored on. */
export const FactorName = z.enum(["network", "compute", "gpu", "storage", "software", "wait", "cost"]);
export type FactorName = z.infer<typeof FactorName>;

/** A scoring axis with fixed reference points: a reading of `worst` scores 0, `best` scores 1. */
export const Factor = z.object({
  name: FactorName,
  question: Text,
  unit: Text,
  scale: z.enum(["linear", "log"]),
  worst: z.number(),
  best: z.number(),
});
export type Factor = z.infer<typeof Factor>;

/**
 * The question a hub asks a site: what is needed and on which scales to answer. It never carries weights
 * or objectives, so that nobody can answer to please them.
 */
export const CallForProposals = z.object({
  schema: z.literal("call-for-proposals/1"),
  negotiationId: Text,
  requirements: JobRequirements.omit({ objectives: true }),
  factors: z.array(Factor).default([]),
  /** Who asks, by the name of their credential at the hub; sites may restrict who submits. */
  submitter: Text.max(128).optional(),
  respondBy: Time.optional(),
});
export type CallForProposals = z.infer<typeof CallForProposals>;

/** A quantity nobody knows exactly. */
export const Quantiles = z.object({
  p10: z.number().optional(),
  p50: z.number(),
  p90: z.number().optional(),
});
export type Quantiles = z.infer<typeof Quantiles>;

/** What a site expects; unknown is absent, never a magic number. */
export const Estimates = z.object({
  startSeconds: Quantiles.optional(),
  /** Where the start estimate comes from: `scheduler`, `idle-capacity`, `queue`. */
  startBasis: Text.optional(),
  cost: z
    .object({ currency: z.enum(["USD", "EUR", "GBP"]), amount: z.number().nonnegative(), basis: Text })
    .optional(),
});
export type Estimates = z.infer<typeof Estimates>;

/** Numbers strategies read; null is unknown. */
export const ProposalMetrics = z.object({
  idleNodes: z.number().int().nonnegative().nullable(),
  idleCores: z.number().int().nonnegative().nullable(),
  queueDepth: z.number().int().nonnegative().nullable(),
  startSeconds: z.number().nonnegative().nullable(),
  cost: z.number().nonnegative().nullable(),
  currency: z.enum(["USD", "EUR", "GBP"]).nullable().default(null),
});
export type ProposalMetrics = z.infer<typeof ProposalMetrics>;

/** A tool call the worker's runtime recorded while answering. */
export const RecordedCall = z.object({
  provider: Text,
  function: Text,
  args: z.record(Text, z.unknown()).default({}),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

/** A site's typed answer to a call for proposals. The verdict is a claim; the facts are what the hub checks it on. */
export const Proposal = z.object({
  schema: z.literal("proposal/1"),
  offerId: Text,
  workerId: Text,
  verdict: Verdict,
  reasons: z.array(Text).default([]),
  clauses: z.array(Clause).default([]),
  constraints: z.array(Text).default([]),
  metrics: ProposalMetrics,
  estimates: Estimates.default({}),
  /** The site's own reading of each factor, 0..1, null when it cannot say. */
  scores: z.partialRecord(FactorName, UnitInterval.nullable()).default({}),
  facts: Facts,
  factsDigest: Text,
  calls: z.array(RecordedCall).default([]),
  /** Who reached the verdict; it is `rules` also where a model read words. */
  mode: z.enum(["rules", "model"]).default("rules"),
  /** What a model of the site read into words that no rule reads; absent where none was asked, or it cannot be read. */
  model: ModelPart.optional().catch(undefined),
  observedAt: Time,
  validUntil: Time,
  durationMs: z.number().nonnegative().default(0),
});
export type Proposal = z.infer<typeof Proposal>;
