import { Job, JobRequirements, LogChunk, MatchSpan, Receipt, Selection, WorkerView } from "@parley/core";
import { z } from "zod";

const Text = z.string();

/** What a hub knows of a negotiation. A hub that is older leaves out what it does not know. */
export const NegotiationAnswer = z.looseObject({
  negotiation_id: Text,
  timestamp: z.union([Text, z.number()]).optional(),
  user_prompt: Text.default(""),
  requirements: JobRequirements.optional().catch(undefined),
  spans: z.array(MatchSpan).default([]).catch([]),
  duration_ms: z.number().optional().catch(undefined),
  /** Answers by worker id, as they came; `readProposals` of `@parley/selection` reads them. */
  proposals: z.record(Text, z.record(Text, z.unknown())).default({}),
  selection: Selection.optional().catch(undefined),
});
export type NegotiationAnswer = z.infer<typeof NegotiationAnswer>;

const at = (known: unknown): unknown => (typeof known === "string" ? known : "1970-01-01T00:00:00Z");

/** The hub's view of a job, read back into the record it came from. */
export const JobAnswer = z.preprocess((value) => {
  if (typeof value !== "object" || value === null) return value;
  const { hub_job_id: id, worker_id: workerId, job_id: siteJobId, ...rest } = Object(value);
  return {
    schema: "job/1",
    idempotencyKey: "",
    request: "",
    ...rest,
    id: id ?? rest.id,
    workerId: workerId ?? rest.workerId,
    createdAt: at(rest.createdAt),
    updatedAt: at(rest.updatedAt ?? rest.createdAt),
    ...(siteJobId === null || siteJobId === undefined ? {} : { siteJobId: String(siteJobId) }),
  };
}, Job);

/** What came of a dispatch: the site's receipt and the hub's own job. */
export const DispatchAnswer = z.object({
  worker_id: Text,
  receipt: Receipt,
  hub_job_id: Text,
  /** True when this was asked before and nothing was submitted now. */
  repeated: z.boolean().default(false),
  job: JobAnswer,
});
export type DispatchAnswer = z.infer<typeof DispatchAnswer>;

export const SelectionAnswer = Selection;
export const LogAnswer = LogChunk;
export const JobsAnswer = z.object({ jobs: z.array(JobAnswer) });
export const WorkersAnswer = z.object({ workers: z.array(WorkerView) });

/** Ground truth of every worker in the seed's file format. */
export const TruthAnswer = z.looseObject({
  timestamp: z.number(),
  ground_truth: z.record(Text, z.unknown()),
  archetypes: z.record(Text, z.number()).default({}),
  counts: z.record(Text, z.record(Text, z.number())).default({}),
});
export type TruthAnswer = z.infer<typeof TruthAnswer>;
