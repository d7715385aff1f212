import { z } from "zod";

/** Something a worker did that says how far its word can be relied on. */
export const TrustEvent = z.object({
  schema: z.literal("trust-event/1"),
  workerId: z.string(),
  at: z.iso.datetime(),
  kind: z.enum([
    "claim-match",
    "claim-mismatch",
    "promise-kept",
    "promise-missed",
    "submit-failed",
    "unconfirmed-job",
  ]),
  /** What was claimed and what held: a clause path, a verdict, seconds. */
  subject: z.string(),
  claimed: z.string().optional(),
  actual: z.string().optional(),
  negotiationId: z.string().optional(),
  jobId: z.string().optional(),
});
export type TrustEvent = z.infer<typeof TrustEvent>;
