import { z } from "zod";
import { FactorName, Verdict } from "./proposal.ts";

const Text = z.string();

/** How one factor contributed to a candidate's score. */
export const Contribution = z.object({
  factor: FactorName,
  /** The reading on the factor's own scale; null when unknown. */
  reading: z.number().nullable(),
  score: z.number().min(0).max(1),
  weight: z.number().min(0),
  contribution: z.number(),
});
export type Contribution = z.infer<typeof Contribution>;

/** A candidate in the order a strategy put it. */
export const RankedCandidate = z.object({
  workerId: Text,
  verdict: Verdict,
  eligible: z.boolean(),
  /** 0..1 where the strategy scores. */
  score: z.number().optional(),
  contributions: z.array(Contribution).default([]),
  reason: Text,
});
export type RankedCandidate = z.infer<typeof RankedCandidate>;

/** The outcome of a selection, explained: who, by which strategy, and how everyone fared. */
export const Selection = z.object({
  worker_id: Text.nullable(),
  status: z.enum(["SELECTED", "REJECTED"]),
  reasoning: Text,
  ranked: z.array(RankedCandidate).default([]),
  metadata: z
    .object({
      algorithm: Text.optional(),
      tried: z.array(Text).default([]),
      /** The model that was asked, as provider and name. */
      model: Text.optional(),
      /** Tokens it read and wrote, where the provider says so. */
      tokens: z.number().int().min(0).optional(),
      /** Why the model was not followed; absent when it was. */
      fallback: Text.optional(),
    })
    .default({ tried: [] }),
});
export type Selection = z.infer<typeof Selection>;
