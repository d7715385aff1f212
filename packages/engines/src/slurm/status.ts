import { ParleyError } from "@parley/core";
import type { JobStatus } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import type { JobStore } from "../_job-store.ts";
import { recallStatus } from "../_recall-status.ts";
import { failureCode, toSlurmError } from "./client.ts";
import type { SlurmClient } from "./client.ts";
import { parseSacctJob, parseScontrolJob, sacctFormat } from "./job-record.ts";
import { commentOf, jobIdPattern } from "./lookup.ts";

function unknownJob(siteJobId: string): ParleyError {
  return new ParleyError(
    "E_ENGINE_JOB_UNKNOWN",
    `Slurm knows no job ${JSON.stringify(siteJobId.slice(0, 40))}, and neither does this engine.`,
  );
}

/** @throws ParleyError `E_ENGINE_JOB_UNKNOWN` */
export function checkJobId(siteJobId: string): void {
  if (!jobIdPattern.test(siteJobId)) throw unknownJob(siteJobId);
}

/** What the controller says; `undefined` when it knows no such job or another job has that id by now. */
async function askController(
  client: SlurmClient,
  call: { siteJobId: string; tag: string | undefined; deadline: Deadline },
): Promise<JobStatus | undefined> {
  const result = await client.run("scontrol", ["-o", "show", "job", call.siteJobId], call.deadline);
  if (!result.ok) {
    if (failureCode(result) === "E_ENGINE_JOB_UNKNOWN") return undefined;
    throw toSlurmError(result, "E_ENGINE_OUTPUT");
  }
  const comment = / Comment=(parley:[\w-]+)/.exec(result.stdout)?.[1];
  if (call.tag !== undefined && comment !== undefined && comment !== commentOf(call.tag)) return undefined;
  return parseScontrolJob(result.stdout, call.siteJobId, client.utc);
}

async function askAccounting(
  client: SlurmClient,
  siteJobId: string,
  deadline: Deadline,
): Promise<JobStatus | undefined> {
  const result = await client.run("sacct", ["-X", "-n", "-P", "-j", siteJobId, "-o", sacctFormat], deadline);
  return result.ok ? parseSacctJob(result.stdout, siteJobId, client.utc) : undefined;
}

/**
 * A job's status from the controller, from accounting, or from what is on disk.
 * @throws ParleyError `E_ENGINE_JOB_UNKNOWN`, `E_ENGINE_UNREACHABLE`
 */
export async function slurmStatus(
  client: SlurmClient,
  store: JobStore,
  call: { siteJobId: string; deadline: Deadline },
): Promise<JobStatus> {
  const { siteJobId, deadline } = call;
  checkJobId(siteJobId);
  const tag = await store.tagOf(siteJobId);
  const status =
    (await askController(client, { siteJobId, tag, deadline })) ??
    (await askAccounting(client, siteJobId, deadline));
  if (status === undefined) {
    if (tag === undefined) throw unknownJob(siteJobId);
    return recallStatus(store, siteJobId, tag);
  }
  if (tag !== undefined) await store.writeStatus(tag, `${JSON.stringify(status)}\n`);
  return status;
}
