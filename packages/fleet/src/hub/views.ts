import { isTerminal } from "@parley/core";
import type { Job, Selection } from "@parley/core";
import type { DispatchResult } from "./submission.ts";
import type { Answer, Negotiation } from "./negotiation-record.ts";

/** A negotiation as clients get it: the seed's envelope with our typed fields beside it. Facts stay in the store. */
export function negotiationView(
  negotiation: Negotiation,
  options: { readonly full?: boolean } = {},
): Record<string, unknown> {
  const { id, at, prompt, requirements, spans, durationMs, selection } = negotiation;
  return {
    negotiation_id: id,
    timestamp: at,
    user_prompt: prompt,
    requirements,
    spans,
    duration_ms: durationMs,
    proposals: Object.fromEntries(
      Object.entries(negotiation.answers).map(([workerId, answer]) => [
        workerId,
        answerView(answer, options.full ?? false),
      ]),
    ),
    ...(selection ? { selection } : {}),
  };
}

function answerView(answer: Answer, full: boolean): unknown {
  if (full || answer.type !== "agentic_proposal" || !answer.data.structured) return answer;
  const { facts: _facts, ...structured } = answer.data.structured;
  return { ...answer, data: { ...answer.data, structured } };
}

export function selectionView(negotiation: Negotiation, selection: Selection): Record<string, unknown> {
  return { negotiation_id: negotiation.id, ...selection };
}

/** A dispatch as clients get it: the seed's `{worker_id, receipt}` and the hub's own job beside it. */
export function dispatchView(result: DispatchResult): Record<string, unknown> {
  const { job, receipt, repeated } = result;
  return { worker_id: job.workerId, receipt, hub_job_id: job.id, repeated, job: jobView(job) };
}

export function jobView(job: Job): Record<string, unknown> {
  const { id, workerId, siteJobId, requirements: _requirements, ...rest } = job;
  return {
    hub_job_id: id,
    worker_id: workerId,
    job_id: siteJobId ?? null,
    ...rest,
    ended: isTerminal(job.state),
  };
}
