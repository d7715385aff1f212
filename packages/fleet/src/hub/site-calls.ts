import { JobStatus, LogChunk, ParleyError } from "@parley/core";
import { z } from "zod";
import { answerOf, errorOf } from "../wire/answer.ts";
import type { Roster } from "./roster.ts";

/** Which part of a job's output is wanted. */
export interface LogRequest {
  readonly stream?: "stdout" | "stderr" | undefined;
  readonly cursor?: string | undefined;
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const CancelledKey = z.object({ cancelled: JobStatus.nullable() });

/** A job at a site. */
export interface SiteJob {
  readonly workerId: string;
  readonly siteJobId: string;
}

/** What a hub asks a worker about one job. Each call throws the worker's own error. */
export interface SiteCalls {
  status(job: SiteJob, signal?: AbortSignal): Promise<JobStatus>;
  logs(job: SiteJob, request: LogRequest): Promise<LogChunk>;
  /** The state after the request to end it, where the site says it. */
  cancel(job: SiteJob, signal?: AbortSignal): Promise<JobStatus | undefined>;
  /** Ends and bars whatever was or will be submitted under a key; the state of the job there was, if any. */
  cancelKey(workerId: string, key: string, signal?: AbortSignal): Promise<JobStatus | undefined>;
}

export function createSiteCalls(roster: Roster, timeoutMs: number): SiteCalls {
  async function call(
    workerId: string,
    tool: string,
    { args, signal }: { readonly args: Record<string, unknown>; readonly signal?: AbortSignal | undefined },
  ): Promise<unknown> {
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
    const result = await roster.get(workerId).link.callTool(tool, given, { timeoutMs, signal });
    if (result.isError) throw errorOf(result, workerId);
    return answerOf(result);
  }

  return {
    async status({ workerId, siteJobId }, signal) {
      const status = JobStatus.safeParse(
        await call(workerId, "job_status", { args: { job_id: siteJobId }, signal }),
      );
      if (status.success) return status.data;
      throw new ParleyError(
        "E_MCP_PROTOCOL",
        `Worker ${workerId} described job ${siteJobId} in a form nobody can read.`,
      );
    },
    async logs({ workerId, siteJobId }, { stream, cursor, maxBytes, signal }) {
      const args = { job_id: siteJobId, stream, cursor, max_bytes: maxBytes };
      const chunk = LogChunk.safeParse(await call(workerId, "job_logs", { args, signal }));
      if (chunk.success) return chunk.data;
      throw new ParleyError(
        "E_MCP_PROTOCOL",
        `Worker ${workerId} sent no readable output for job ${siteJobId}.`,
      );
    },
    async cancel({ workerId, siteJobId }, signal) {
      const answer = await call(workerId, "cancel_job", { args: { job_id: siteJobId }, signal });
      return JobStatus.safeParse(answer).data;
    },
    async cancelKey(workerId, key, signal) {
      const answer = await call(workerId, "cancel_job", { args: { idempotency_key: key }, signal });
      const reply = CancelledKey.safeParse(answer);
      if (reply.success) return reply.data.cancelled ?? undefined;
      throw new ParleyError(
        "E_MCP_PROTOCOL",
        `Worker ${workerId} did not say whether it cancelled ${key}: cancel it again.`,
      );
    },
  };
}
