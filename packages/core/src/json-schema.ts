import { z } from "zod";
import { CallForProposals, Proposal } from "./proposal.ts";
import { Facts, Manifest } from "./facts.ts";
import { Job, JobSpec, Receipt } from "./job.ts";
import { JobRequirements } from "./requirements.ts";
import { Plan } from "./plan.ts";
import { Registration, WorkerView } from "./cluster.ts";
import { Selection } from "./selection.ts";
import { TrustEvent } from "./trust.ts";

/** The records that cross a wire or a disk, by name. */
export const records = {
  CallForProposals,
  Facts,
  Job,
  JobRequirements,
  JobSpec,
  Manifest,
  Plan,
  Proposal,
  Receipt,
  Registration,
  Selection,
  TrustEvent,
  WorkerView,
} as const;

/** A record's JSON Schema (draft 2020-12), for readers in other languages. */
export function recordJsonSchema(name: keyof typeof records): Record<string, unknown> {
  return z.toJSONSchema(records[name], { io: "input", unrepresentable: "any" });
}
