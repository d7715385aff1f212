import { z } from "zod";
import { AllocationView, sayAllocation, viewAllocation } from "../allocations.ts";
import { JobId, Namespace } from "../arguments.ts";
import type { Call } from "../call.ts";
import { type JobKey, readFacts } from "../jobs.ts";
import { operation } from "../operation.ts";
import { JobOutcome, currentAllocations, deriveOutcome } from "../outcome.ts";
import { DeploymentView, sayDeployment, viewDeployment } from "../views.ts";
import { latestDeployment } from "../wait.ts";

const shownAllocations = 20;

export const JobStatus = JobOutcome.extend({
  job_id: z.string(),
  namespace: z.string(),
  type: z.string(),
  /** Nomad's own word; `dead` says nothing about success. */
  status: z.string(),
  version: z.number(),
  stopped: z.boolean(),
  allocations: z.array(AllocationView),
  /** Current allocations that are not shown. */
  allocations_left_out: z.number(),
  deployment: DeploymentView.optional(),
});
export type JobStatus = z.infer<typeof JobStatus>;

/** Reads what became of a job. */
export async function readJobStatus(call: Call, key: JobKey): Promise<JobStatus> {
  const [facts, deployment] = await Promise.all([readFacts(call, key), latestDeployment(call, key)]);
  const current = currentAllocations(facts.job, facts.allocations);
  return {
    ...deriveOutcome(facts),
    job_id: key.job_id,
    namespace: facts.job.Namespace || call.nomad.namespace(key.namespace),
    type: facts.job.Type,
    status: facts.job.Status,
    version: facts.job.Version,
    stopped: facts.job.Stop,
    allocations: current.slice(0, shownAllocations).map(viewAllocation),
    allocations_left_out: Math.max(0, current.length - shownAllocations),
    ...(deployment === undefined ? {} : { deployment: viewDeployment(deployment) }),
  };
}

/** A job's status in words. */
export function sayJobStatus(status: JobStatus): string {
  const head = `${status.namespace}/${status.job_id} (${status.type}, version ${String(status.version)})`;
  return [
    `${head}: ${status.outcome}. ${status.reason}`,
    ...status.allocations.map(sayAllocation),
    ...(status.deployment === undefined ? [] : [`Deployment ${sayDeployment(status.deployment)}`]),
  ].join("\n");
}

/** What became of a job, derived from its allocations and evaluations. */
export const getJobStatus = operation({
  name: "get_job_status",
  description:
    "Says what became of a Nomad job and why: succeeded, failed, running, degraded, pending, unplaceable, stopped or " +
    "template; with exit codes, allocations and the deployment.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}" },
  effect: "read",
  input: z.strictObject({ job_id: JobId, namespace: Namespace }),
  output: JobStatus,
  run: (args, call) => readJobStatus(call, args),
  say: sayJobStatus,
});
