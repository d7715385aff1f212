import { JobRequirements, MatchSpan, Proposal, Selection, Verdict } from "@parley/core";
import { z } from "zod";

/** The hub's own check of a claim. */
export const GateResult = z.object({ verdict: Verdict, agrees: z.boolean(), reasons: z.array(z.string()) });
export type GateResult = z.infer<typeof GateResult>;

/** What came back from one worker. The types are the seed's; an error is data, never an exception of the whole. */
export const Answer = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("agentic_proposal"),
    data: z.object({ worker_id: z.string(), proposal: z.string(), structured: Proposal.optional() }),
    gate: GateResult.optional(),
  }),
  z.object({ type: z.literal("manifest_only"), reasoning: z.string(), data: z.string() }),
  z.object({
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean().default(false),
  }),
]);
export type Answer = z.infer<typeof Answer>;

/** A negotiation without its answers, which are stored in chunks beside it. */
export const NegotiationRecord = z.object({
  schema: z.literal("negotiation/1"),
  id: z.string(),
  at: z.string(),
  intent: z.enum(["satisfy", "negotiate"]),
  prompt: z.string(),
  requirements: JobRequirements,
  spans: z.array(MatchSpan).default([]),
  workers: z.array(z.string()),
  chunks: z.number().int().nonnegative(),
  durationMs: z.number().nonnegative(),
  /** Set until the last answer is stored. */
  open: z.boolean().optional(),
  selection: Selection.optional(),
});
export type NegotiationRecord = z.infer<typeof NegotiationRecord>;

/** A negotiation as it is handed out. */
export interface Negotiation extends NegotiationRecord {
  readonly answers: Readonly<Record<string, Answer>>;
}
