import { z } from "zod";
import { Deployment, Ignored } from "./answers.ts";
import type { Call } from "./call.ts";
import { type JobKey, readFacts } from "./jobs.ts";
import { JobOutcome, type Outcome, deriveOutcome } from "./outcome.ts";
import { newestFirst } from "./placement.ts";

/** What to wait for: an evaluation's end, running (and healthy, for a service), or the job's end. */
export const WaitUntil = z
  .enum(["evaluated", "running", "complete"])
  .default("complete")
  .describe("What to wait for, for example: complete");

/** How far a job came. */
export const Waited = JobOutcome.extend({
  job_id: z.string(),
  /** False when time was up first: call again to wait on. */
  done: z.boolean(),
  waited_seconds: z.number(),
});
export type Waited = z.infer<typeof Waited>;

/** What {@link waitForJob} waits for. */
export interface WaitRequest extends JobKey {
  readonly until: "evaluated" | "running" | "complete";
  readonly timeout_seconds: number;
}

const ended: ReadonlySet<Outcome> = new Set(["succeeded", "failed", "stopped"]);
const started: ReadonlySet<Outcome> = new Set([...ended, "running", "degraded"]);

/** Waits for a job with blocking queries, at most `timeout_seconds`. */
export async function waitForJob(call: Call, request: WaitRequest): Promise<Waited> {
  const begun = call.now();
  const deadline = begun + request.timeout_seconds * 1000;
  let index = 0;
  for (;;) {
    const seen = await look(call, request);
    const waitedSeconds = (call.now() - begun) / 1000;
    call.progress(waitedSeconds, request.timeout_seconds, `${seen.outcome}: ${seen.reason}`.slice(0, 500));
    const left = deadline - call.now();
    if (seen.done || left <= 0) return { ...seen, job_id: request.job_id, waited_seconds: waitedSeconds };
    index = await blockOnAllocations(call, request, { index, milliseconds: Math.min(left, 5000) });
  }
}

async function look(call: Call, request: WaitRequest): Promise<JobOutcome & { done: boolean }> {
  const facts = await readFacts(call, request);
  const outcome = deriveOutcome(facts);
  if (request.until === "evaluated") {
    const [newest] = newestFirst(facts.evaluations);
    return {
      ...outcome,
      done: outcome.outcome === "template" || (newest !== undefined && newest.Status !== "pending"),
    };
  }
  if (request.until === "complete") return { ...outcome, done: ended.has(outcome.outcome) };
  const rollingOut = facts.job.Type === "service" && (await isRollingOut(call, request, facts.job.Version));
  return { ...outcome, done: started.has(outcome.outcome) && !rollingOut };
}

async function isRollingOut(call: Call, key: JobKey, version: number): Promise<boolean> {
  const deployment = await latestDeployment(call, key);
  if (deployment === undefined || deployment.JobVersion !== version) return false;
  return ["initializing", "running", "pending", "blocked", "unblocking"].includes(deployment.Status);
}

/** The newest deployment of a job, where it has any. */
export async function latestDeployment(call: Call, key: JobKey): Promise<Deployment | undefined> {
  const found = await call.nomad.read(Deployment.nullable(), {
    path: ["job", key.job_id, "deployment"],
    namespace: key.namespace,
    signal: call.signal,
    doing: `read the deployment of job ${JSON.stringify(key.job_id)}`,
    needs: "read-job",
  });
  return found ?? undefined;
}

/** Returns the index to block on next; Nomad may answer early, and an index that falls starts over. */
async function blockOnAllocations(
  call: Call,
  key: JobKey,
  { index, milliseconds }: { readonly index: number; readonly milliseconds: number },
): Promise<number> {
  const wait = Math.max(1, Math.ceil(milliseconds));
  const begun = call.now();
  const answer = await call.nomad.request(Ignored, {
    path: ["job", key.job_id, "allocations"],
    query: index === 0 ? {} : { index, wait: `${String(wait)}ms` },
    namespace: key.namespace,
    signal: call.signal,
    timeoutMs: wait + 30_000,
    doing: `wait for job ${JSON.stringify(key.job_id)}`,
    needs: "read-job",
  });
  const next = answer.index ?? 0;
  // Where nothing blocks, for want of an index or by a proxy that ignores it, time has to pass here.
  const early = next <= index && call.now() - begun < wait / 2;
  if (next === 0 || early) await call.sleep(Math.min(1000, wait));
  return next < index ? 0 : next;
}
