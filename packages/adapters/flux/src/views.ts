import { formatDuration, isTerminal } from "@parley/core";
import type { FluxJob } from "@parley/engines/flux";
import { z } from "zod";

/** A job as tools answer it. Times are ISO-8601; what Flux does not say is absent. */
export const JobView = z.object({
  job_id: z.string(),
  name: z.string().optional(),
  /** QUEUED, ACTIVE, COMPLETED, FAILED, CANCELED or UNKNOWN. */
  state: z.string(),
  /** Flux's own word, such as SCHED, RUN or TIMEOUT. */
  status: z.string(),
  reason: z.string().optional(),
  exit_code: z.number().int().optional(),
  user: z.string().optional(),
  queue: z.string().optional(),
  bank: z.string().optional(),
  cwd: z.string().optional(),
  nodes: z.number().optional(),
  tasks: z.number().optional(),
  cores: z.number().optional(),
  hosts: z.array(z.string()).optional(),
  urgency: z.number().optional(),
  priority: z.number().optional(),
  dependencies: z.array(z.string()).optional(),
  submitted_at: z.string().optional(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  estimated_start_at: z.string().optional(),
  limit_seconds: z.number().optional(),
  run_seconds: z.number().optional(),
  /** Address of the job's own instance, while it runs one. */
  uri: z.string().optional(),
});
export type JobView = z.infer<typeof JobView>;

/** Most hosts of one job that are named. */
const mostHosts = 200;

export function viewJob(job: FluxJob): JobView {
  const { hosts, dependencies } = job;
  return {
    job_id: job.jobId,
    name: job.name,
    state: job.state,
    status: job.nativeState,
    reason: job.reason,
    exit_code: job.exitCode,
    user: job.user,
    queue: job.queue,
    bank: job.bank,
    cwd: job.cwd,
    nodes: job.nodes,
    tasks: job.tasks,
    cores: job.cores,
    hosts: hosts?.slice(0, mostHosts),
    urgency: job.urgency,
    priority: job.priority,
    dependencies: dependencies?.slice(0, mostHosts),
    submitted_at: job.submittedAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    estimated_start_at: job.estimatedStartAt,
    limit_seconds: job.limitSeconds,
    run_seconds: job.runSeconds,
    uri: job.uri,
  };
}

/** Whether a job has ended. */
export const hasEnded = ({ state }: FluxJob): boolean => isTerminal(state);

/** A job in one line. */
export function sayJob(job: JobView): string {
  const { job_id, name, status, exit_code, reason, nodes, queue, run_seconds } = job;
  const parts = [
    name === undefined ? "" : JSON.stringify(name),
    status,
    exit_code === undefined ? "" : `exit code ${String(exit_code)}`,
    nodes === undefined ? "" : `${String(nodes)} node${nodes === 1 ? "" : "s"}`,
    queue === undefined ? "" : `queue ${queue}`,
    run_seconds === undefined ? "" : `ran ${formatDuration(run_seconds)}`,
    reason ?? "",
  ];
  return `${job_id}: ${parts.filter((part) => part !== "").join(", ")}`;
}
