import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { JobId } from "../arguments.ts";
import { slurmOf } from "../site.ts";
import { JobDetailsView, sayJob, viewAccounted, viewDetails } from "../views.ts";

/** Says all about a job. */
export const slurmJobInfo = operation({
  name: "slurm_job_info",
  description:
    "Says all that Slurm knows of a job: state, exit code, why it waits, resources, files. For an array, of its tasks. " +
    "What the controller has forgotten comes from the accounts, where the site keeps any.",
  toolset: "slurm",
  effect: "read",
  input: z.strictObject({ job_id: JobId }),
  output: z.object({
    source: z.enum(["controller", "accounting", "submission"]),
    /** At most 200. */
    jobs: z.array(JobDetailsView),
  }),
  async run({ job_id }, call) {
    const slurm = slurmOf(call);
    const { signal } = call;
    const jobs = await slurm.job(job_id, { signal });
    if (jobs.length > 0) return { source: "controller" as const, jobs: jobs.slice(0, 200).map(viewDetails) };
    // Without a period the accounts know only what began today.
    const accounted = await slurm.accounting({ jobId: job_id, since: "2000-01-01T00:00:00Z" }, { signal });
    if (accounted !== undefined && accounted.length > 0) {
      return { source: "accounting" as const, jobs: accounted.slice(0, 200).map(viewAccounted) };
    }
    return { source: "submission" as const, jobs: [await recalled(call, job_id)] };
  },
  say: ({ jobs }) => jobs.map(sayWhole).join("\n"),
});

/** What was noted when the job was submitted from here. @throws `E_ENGINE_JOB_UNKNOWN` */
async function recalled(call: Call, jobId: string): Promise<JobDetailsView> {
  if (jobId.includes("_")) {
    throw new ParleyError("E_ENGINE_JOB_UNKNOWN", `Slurm knows no task ${jobId}; look at the whole array.`);
  }
  const status = await slurmOf(call).engine.status(jobId, { signal: call.signal });
  return {
    job_id: jobId,
    name: "",
    user: "",
    state: status.state,
    slurm_state: status.nativeState ?? status.state,
    reason: status.reason,
    nodes: status.nodes ?? [],
    exit_code: status.exitCode,
    submitted_at: status.submittedAt,
    started_at: status.startedAt,
    finished_at: status.finishedAt,
  };
}

function sayWhole(job: JobDetailsView): string {
  const more = [
    job.resources === undefined ? undefined : `given ${job.resources}`,
    job.dependency === undefined ? undefined : `waits for ${job.dependency}`,
    job.directory === undefined ? undefined : `in ${job.directory}`,
    job.stdout_file === undefined ? undefined : `writes to ${job.stdout_file}`,
  ].filter((fact) => fact !== undefined);
  return [sayJob(job), ...more].join("; ");
}
