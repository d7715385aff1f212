import { ParleyError } from "@parley/core";
import type { FluxInstance, FluxJob } from "@parley/engines/flux";
import type { Call } from "./call.ts";
import { hasEnded, sayJob, viewJob } from "./views.ts";

/** Longest that one command waits; in between progress is told. */
const turnSeconds = 5;

/** What {@link waitForEnd} waits for. */
export interface WaitRequest {
  readonly jobId: string;
  /** Absent waits to the end. */
  readonly seconds: number | undefined;
  /** Called after every turn; what it answers is told as progress instead of the job's state. */
  look?(): Promise<string | undefined>;
}

/** Waits until a job has ended, or time is up; the job is then as it was last seen. */
export async function waitForEnd(call: Call, flux: FluxInstance, request: WaitRequest): Promise<FluxJob> {
  const { jobId, seconds } = request;
  const { signal } = call;
  const begun = call.now();
  for (;;) {
    const job = await flux.job(jobId, { signal });
    const said = await request.look?.();
    const passed = (call.now() - begun) / 1000;
    call.progress(passed, seconds, (said ?? sayJob(viewJob(job))).slice(-500));
    const left = (seconds ?? Infinity) - passed;
    if (hasEnded(job) || left <= 0) return job;
    await flux.waitForEvent(jobId, { name: "clean", seconds: Math.min(turnSeconds, left), signal });
  }
}

/** Waits as {@link waitForEnd}; a call that is given up takes its job with it. */
export async function waitOrCancel(call: Call, flux: FluxInstance, request: WaitRequest): Promise<FluxJob> {
  try {
    return await waitForEnd(call, flux, request);
  } catch (error) {
    if (!call.signal.aborted) throw error;
    const ended = await flux
      .cancel(request.jobId, { message: "its caller has gone", timeoutMs: 10_000 })
      .then(
        () => "it was cancelled",
        () => "cancelling it failed: call flux_cancel_job",
      );
    throw new ParleyError("E_INTERRUPTED", `Waiting for job ${request.jobId} was given up; ${ended}.`, {
      cause: error,
    });
  }
}
