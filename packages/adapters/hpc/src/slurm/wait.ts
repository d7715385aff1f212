import { type JobState, type JobStatus, ParleyError, isTerminal } from "@parley/core";
import type { Slurm } from "@parley/engines/slurm";
import { z } from "zod";
import type { Call } from "../call.ts";

/** How far a job came. */
export const Waited = z.object({
  job_id: z.string(),
  state: z.string(),
  slurm_state: z.string().optional(),
  reason: z.string().optional(),
  exit_code: z.number().optional(),
  nodes: z.array(z.string()),
  /** False when time was up first: call again to wait on. */
  done: z.boolean(),
  waited_seconds: z.number(),
});
export type Waited = z.infer<typeof Waited>;

/** Where a client cannot follow the call as a task, it ends before most clients lose their patience. */
const patienceSeconds = 50;

/** What {@link waitForJob} waits for. */
export interface WaitRequest {
  readonly job_id: string;
  readonly until: "started" | "ended";
  readonly timeout_seconds: number;
}

/** A job's state, wherever it is still known. @throws `E_ENGINE_JOB_UNKNOWN`, `E_ENGINE_UNREACHABLE` */
async function statusOf(call: Call, slurm: Slurm, jobId: string): Promise<JobStatus> {
  const { signal } = call;
  if (!jobId.includes("_")) return slurm.engine.status(jobId, { signal });
  const [job] = await slurm.job(jobId, { signal });
  if (job === undefined) {
    throw new ParleyError(
      "E_ENGINE_JOB_UNKNOWN",
      `Slurm's controller knows no task ${jobId}; slurm_accounting may.`,
    );
  }
  const { state, nativeState, reason, exitCode, nodes } = job;
  return { siteJobId: jobId, state, nativeState, reason, exitCode, nodes: [...nodes] };
}

/** Waits for a job, with progress. Looks more rarely the longer it takes. */
export async function waitForJob(call: Call, slurm: Slurm, request: WaitRequest): Promise<Waited> {
  const begun = call.now();
  const limit = call.mayOutlive
    ? request.timeout_seconds
    : Math.min(request.timeout_seconds, patienceSeconds);
  const reached = (state: JobState): boolean =>
    isTerminal(state) || (request.until === "started" && state === "ACTIVE");
  for (let turn = 0; ; turn += 1) {
    const status = await statusOf(call, slurm, request.job_id);
    const waited = (call.now() - begun) / 1000;
    const done = reached(status.state);
    if (done || waited >= limit) return toWaited(request.job_id, status, { done, waited });
    const said = `${status.nativeState ?? status.state}${status.reason === undefined ? "" : `: ${status.reason}`}`;
    call.progress(waited, limit, said.slice(0, 300));
    const pause = Math.min(0.25 * 1.3 ** turn, 15, Math.max(0.01, limit - waited));
    await call.sleep(pause * 1000);
  }
}

function toWaited(
  jobId: string,
  status: JobStatus,
  { done, waited }: { readonly done: boolean; readonly waited: number },
): Waited {
  return {
    job_id: jobId,
    state: status.state,
    slurm_state: status.nativeState,
    reason: status.reason,
    exit_code: status.exitCode,
    nodes: status.nodes ?? [],
    done,
    waited_seconds: waited,
  };
}

/** A wait in words. */
export function sayWaited({ job_id, state, done, exit_code, reason }: Waited): string {
  const exit = exit_code === undefined ? "" : `, exit ${String(exit_code)}`;
  const why = reason === undefined ? "" : ` (${reason})`;
  return `Job ${job_id} is ${done ? "" : "so far "}${state}${exit}${why}.`;
}
