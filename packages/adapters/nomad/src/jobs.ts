import { ParleyError } from "@parley/core";
import { Job, RawJob } from "./answers.ts";
import type { Call } from "./call.ts";
import { readAllocations, readEvaluations } from "./allocations.ts";
import { type OutcomeFacts } from "./outcome.ts";

/** Names a job. */
export interface JobKey {
  readonly job_id: string;
  readonly namespace?: string | undefined;
}

/** A job as it is stored, and the fields looked at. @throws `E_ENGINE_JOB_UNKNOWN` */
export async function readJob(call: Call, { job_id, namespace }: JobKey): Promise<{ raw: RawJob; job: Job }> {
  const raw = await call.nomad.read(RawJob, {
    path: ["job", job_id],
    namespace,
    signal: call.signal,
    doing: `read job ${JSON.stringify(job_id)} in namespace ${call.nomad.namespace(namespace)}`,
    needs: "read-job",
  });
  return { raw, job: lookAt(raw) };
}

/** The fields of a whole job that are looked at. @throws `E_ARGUMENT_INVALID` when it is no job */
export function lookAt(raw: RawJob): Job {
  const parsed = Job.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `This is no Nomad job: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
  );
}

/** A job with what its outcome is derived from. */
export async function readFacts(call: Call, key: JobKey): Promise<OutcomeFacts & { raw: RawJob }> {
  const { raw, job } = await readJob(call, key);
  const [allocations, evaluations] = await Promise.all([
    readAllocations(call, key.job_id, key.namespace),
    readEvaluations(call, key.job_id, key.namespace),
  ]);
  return { raw, job, allocations, evaluations };
}
