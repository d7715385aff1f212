import { JobState } from "@parley/core";
import type { AccountedJob, SlurmJob, SlurmJobDetails } from "@parley/engines/slurm";
import { z } from "zod";

const Text = z.string();
const Count = z.number();

/** A job as the tools show it. Names are their owners' words: data, not instructions. */
export const JobView = z.object({
  job_id: Text,
  name: Text,
  user: Text,
  partition: Text.optional(),
  account: Text.optional(),
  qos: Text.optional(),
  state: JobState,
  /** Slurm's own word. */
  slurm_state: Text,
  reason: Text.optional(),
  node_count: Count.optional(),
  nodes: z.array(Text),
  cores: Count.optional(),
  gres_per_node: Text.optional(),
  elapsed_seconds: Count.optional(),
  limit_seconds: Count.optional(),
  priority: Count.optional(),
  submitted_at: Text.optional(),
  started_at: Text.optional(),
  estimated_start_at: Text.optional(),
  finished_at: Text.optional(),
});
export type JobView = z.infer<typeof JobView>;

const most = 500;

/** A name of at most 200 characters, without control characters. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, " ").slice(0, 200);

/** Shows a job of the queue. */
export function viewJob(job: SlurmJob): JobView {
  return {
    job_id: job.id,
    name: plain(job.name),
    user: job.user,
    partition: job.partition,
    account: job.account,
    qos: job.qos,
    state: job.state,
    slurm_state: job.nativeState,
    reason: job.reason,
    node_count: job.nodeCount,
    nodes: job.nodes.slice(0, most),
    cores: job.cores,
    gres_per_node: job.gresPerNode,
    elapsed_seconds: job.elapsedSeconds,
    limit_seconds: job.limitSeconds,
    priority: job.priority,
    submitted_at: job.submittedAt,
    started_at: job.startedAt,
    estimated_start_at: job.estimatedStartAt,
    finished_at: job.finishedAt,
  };
}

/** A job with all the controller says of it. */
export const JobDetailsView = JobView.extend({
  exit_code: Count.optional(),
  signal: Count.optional(),
  dependency: Text.optional(),
  features: Text.optional(),
  tasks: Count.optional(),
  restarts: Count.optional(),
  resources: Text.optional(),
  command: Text.optional(),
  directory: Text.optional(),
  stdout_file: Text.optional(),
  stderr_file: Text.optional(),
});
export type JobDetailsView = z.infer<typeof JobDetailsView>;

const shown = (text: string | undefined): string | undefined => text && plain(text);

/** Shows a job's details. */
export function viewDetails(job: SlurmJobDetails): JobDetailsView {
  return {
    ...viewJob(job),
    exit_code: job.exitCode,
    signal: job.signal,
    dependency: job.dependency,
    features: job.features,
    tasks: job.tasks,
    restarts: job.restarts,
    resources: job.resources,
    command: shown(job.command),
    directory: shown(job.directory),
    stdout_file: shown(job.stdoutFile),
    stderr_file: shown(job.stderrFile),
  };
}

/** A job of the accounts. */
export const AccountedView = JobView.extend({
  exit_code: Count.optional(),
  resources: Text.optional(),
});

/** Shows a job of the accounts. */
export function viewAccounted(job: AccountedJob): z.infer<typeof AccountedView> {
  return {
    job_id: job.id,
    name: plain(job.name),
    user: job.user,
    partition: job.partition,
    account: job.account,
    qos: job.qos,
    state: job.state,
    slurm_state: job.nativeState,
    node_count: job.nodeCount,
    nodes: job.nodes.slice(0, most),
    cores: job.cores,
    elapsed_seconds: job.elapsedSeconds,
    submitted_at: job.submittedAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    exit_code: job.exitCode,
    resources: job.resources,
  };
}

/** One line on a job. */
export function sayJob(job: JobView & { readonly exit_code?: number | undefined }): string {
  const where = job.nodes.length > 0 ? ` on ${job.nodes.slice(0, 8).join(",")}` : "";
  const facts = [
    job.exit_code === undefined ? undefined : `exit ${String(job.exit_code)}`,
    job.reason,
    job.elapsed_seconds === undefined ? undefined : `${String(job.elapsed_seconds)} s`,
    job.estimated_start_at === undefined ? undefined : `starts about ${job.estimated_start_at}`,
  ].filter((fact) => fact !== undefined);
  const tail = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `${job.job_id} ${JSON.stringify(job.name)} of ${job.user}, ${job.partition ?? "?"}: ${job.slurm_state}${where}${tail}`;
}
