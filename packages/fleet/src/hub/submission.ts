import { JobSpec, JobStatus, ParleyError, Receipt, toParleyError } from "@parley/core";
import type { Job } from "@parley/core";
import { z } from "zod";
import { answerOf, errorOf } from "../wire/answer.ts";
import { asFailed, withStatus, withoutAnswer } from "./job-transition.ts";
import { isLegacy } from "./member.ts";
import type { Member } from "./member.ts";
import type { Roster } from "./roster.ts";
import type { SiteCalls } from "./site-calls.ts";

/** A job and what the site said when it took it. */
export interface DispatchResult {
  readonly job: Job;
  readonly receipt: Receipt;
  /** True when the key was known and nothing was submitted now. */
  readonly repeated: boolean;
}

export interface SubmissionOptions {
  readonly roster: Roster;
  readonly calls: SiteCalls;
  /** Milliseconds a worker has to confirm. */
  readonly timeoutMs: number;
  /** Changes the stored job. */
  readonly change: (id: string, change: (job: Job) => Job) => Promise<Job>;
  /** ISO time. */
  readonly now: () => string;
}

/** A receipt of any age: the seed's kind has numbers for ids, text for errors and calls, and leaves parts out. */
const AnyReceipt = Receipt.extend({
  job_id: z.union([z.string(), z.number()]).nullish(),
  reasoning: z.string().default(""),
  error: z.union([Receipt.shape.error, z.string()]).optional(),
  calls: z.unknown().optional(),
});

/** What our workers answer to `submit`; one of the seed's kind sends the receipt only, or even bare. */
const SubmitReply = z.object({
  receipt: AnyReceipt,
  manager: z.string().optional(),
  spec: JobSpec.optional(),
  status: JobStatus.optional(),
});
type SubmitReply = z.infer<typeof SubmitReply>;

/** Faults that say nothing about whether the site has the job. */
const silent: ReadonlySet<string> = new Set([
  "E_INTERRUPTED",
  "E_MCP_PROTOCOL",
  "E_MCP_UNREACHABLE",
  "E_AUTH_FORBIDDEN",
  "E_AUTH_REQUIRED",
  "E_WORKER_UNKNOWN",
]);

/**
 * Hands jobs to sites. The job's id is the site's idempotency key, so a submission can be repeated until it is
 * answered. A caller who goes away does not stop it: the job is on record, so it happens.
 */
export function createSubmission(options: SubmissionOptions): (job: Job) => Promise<DispatchResult> {
  const { roster, calls, timeoutMs, change, now } = options;

  async function submit(job: Job): Promise<DispatchResult> {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const member = roster.get(job.workerId);
      const { request, requirements, submitter } = job;
      const typed = {
        request,
        requirements,
        idempotency_key: job.id,
        ...(submitter === undefined ? {} : { submitter }),
      };
      const args = isLegacy(member) ? { request } : typed;
      const result = await member.link.callTool("submit", args, { signal: limit, timeoutMs });
      const answer = answerOf(result);
      const bare = AnyReceipt.safeParse(answer);
      const reply = SubmitReply.safeParse(bare.success ? { receipt: bare.data } : answer);
      if (reply.success) return await settleReply(job, member, reply.data);
      if (result.isError) throw errorOf(result, job.workerId);
      throw new ParleyError(
        "E_MCP_PROTOCOL",
        `Worker ${job.workerId} answered the submission with something else.`,
      );
    } catch (thrown) {
      const late = `Worker ${job.workerId} did not confirm the job in time.`;
      return unanswered(job, limit.aborted ? new ParleyError("E_MCP_TIMEOUT", late) : toParleyError(thrown));
    }
  }

  async function settleReply(job: Job, member: Member, reply: SubmitReply): Promise<DispatchResult> {
    const receipt = normalReceipt(reply.receipt);
    const siteJobId = receipt.job_id;
    if (receipt.status === "FAILED" || siteJobId === null) return refused(job, receipt);
    const placed = (current: Job): Job => ({
      ...current,
      spec: reply.spec ?? current.spec,
      manager: reply.manager ?? current.manager,
      siteJobId,
      submittedAt: current.submittedAt ?? now(),
      updatedAt: now(),
    });
    if (isLegacy(member)) {
      const reason = "the site's worker has no job status; only its receipt is known";
      const next = await change(job.id, (current) => withoutAnswer(placed(current), reason, now()));
      return { job: next, receipt, repeated: false };
    }
    await change(job.id, placed);
    return confirm(job, siteJobId, receipt);
  }

  async function refused(job: Job, receipt: Receipt): Promise<DispatchResult> {
    const message = receipt.reasoning || "the site gave no job id";
    const error = receipt.error ?? { code: "E_DISPATCH_UNCONFIRMED", message, retryable: false };
    if (error.retryable) return unanswered(job, new ParleyError("E_ENGINE_UNREACHABLE", error.message));
    const failed = await change(job.id, (current) => asFailed(current, error, now()));
    return { job: failed, receipt: { ...receipt, status: "FAILED", error }, repeated: false };
  }

  /** A job counts as submitted once the scheduler itself, asked again, knows it. */
  async function confirm(job: Job, siteJobId: string, receipt: Receipt): Promise<DispatchResult> {
    const { id, workerId } = job;
    const status = await calls
      .status({ workerId, siteJobId })
      .catch((error: unknown) => toParleyError(error));
    if (!ParleyError.isInstance(status)) {
      return {
        job: await change(id, (current) => withStatus(current, status, now())),
        receipt,
        repeated: false,
      };
    }
    if (status.code !== "E_ENGINE_JOB_UNKNOWN" && status.code !== "E_JOB_UNKNOWN") {
      const unknown = await change(id, (current) => withoutAnswer(current, status.message, now()));
      return { job: unknown, receipt, repeated: false };
    }
    const message = `Worker ${workerId} claims job ${siteJobId}, which its scheduler does not know.`;
    const error = { code: "E_DISPATCH_UNCONFIRMED", message, retryable: false };
    const failed = await change(id, (current) => asFailed(current, error, now()));
    return {
      job: failed,
      receipt: { ...receipt, status: "FAILED", reasoning: message, error },
      repeated: false,
    };
  }

  /** No usable answer: a refusal ends the job, a silence leaves it to be reconciled. */
  async function unanswered(job: Job, { code, message, retryable }: ParleyError): Promise<DispatchResult> {
    const error = { code, message, retryable };
    const next = await change(job.id, (current) =>
      retryable || silent.has(code)
        ? withoutAnswer(current, `submission not confirmed: ${message}`, now())
        : asFailed(current, error, now()),
    );
    const receipt: Receipt = { status: "FAILED", job_id: null, reasoning: message, error, calls: [] };
    return { job: next, receipt, repeated: false };
  }

  return submit;
}

function normalReceipt(raw: SubmitReply["receipt"]): Receipt {
  const calls = Receipt.shape.calls.safeParse(raw.calls);
  const id = raw.job_id === undefined || raw.job_id === null ? null : String(raw.job_id);
  const error =
    typeof raw.error === "string"
      ? { code: "E_TOOL_FAILED", message: raw.error, retryable: false }
      : raw.error;
  return {
    ...raw,
    reasoning: raw.reasoning.slice(0, 4000),
    job_id: id === "" ? null : id,
    error,
    calls: calls.success ? calls.data : [],
  };
}
