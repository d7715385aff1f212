import { isoTime } from "@parley/core";
import type { JobState, JobStatus } from "@parley/core";
import { processIdentity, signalGroup } from "./_files.js";
import type { BeginRecord, EndRecord, JobRecord } from "./_record.ts";
import type { Store } from "./_store.ts";

const nativeStates: Readonly<Record<JobState, string>> = {
  NEW: "new",
  QUEUED: "queued",
  ACTIVE: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELED: "canceled",
  UNKNOWN: "unknown",
};

/** What a job's files say, without asking whether its runner lives. */
function describeStatus(
  job: JobRecord,
  begin: BeginRecord | undefined,
  end: EndRecord | undefined,
): JobStatus {
  const named = (
    state: JobState,
  ): Pick<JobStatus, "siteJobId" | "state" | "nativeState" | "submittedAt"> => ({
    siteJobId: job.id,
    state,
    nativeState: nativeStates[state],
    submittedAt: job.submittedAt,
  });
  if (begin === undefined)
    return { ...named("QUEUED"), reason: `waits for ${job.cores} of this machine's cores` };
  if (begin.action === "cancel") return { ...named("CANCELED"), finishedAt: begin.at };
  if (begin.action === "fail") return { ...named("FAILED"), finishedAt: begin.at, reason: begin.reason };
  if (end === undefined) return { ...named("ACTIVE"), startedAt: begin.at };
  const { state, finishedAt, exitCode, reason } = end;
  return {
    ...named(state),
    startedAt: begin.at,
    finishedAt,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Status of a job; one whose runner is gone without a result is settled as FAILED on the way. */
export async function readStatus(
  store: Store,
  id: string,
  now: () => number,
): Promise<JobStatus | undefined> {
  const job = await store.job(id);
  if (job === undefined) return undefined;
  const begin = await store.begin(id);
  const end = await store.end(id);
  if (begin?.action !== "start" || end !== undefined) return describeStatus(job, begin, end);
  if (processIdentity(begin.pid) === begin.identity) return describeStatus(job, begin, end);
  // The runner may have written its result just before it went.
  const late = await store.end(id);
  if (late === undefined) {
    store.settleEnd(id, {
      state: "FAILED",
      finishedAt: isoTime(now()),
      reason: "its runner ended without a result: it was killed or the machine restarted",
    });
    await endLeftovers(store, id);
  }
  return describeStatus(job, begin, late ?? (await store.end(id)));
}

async function endLeftovers(store: Store, id: string): Promise<void> {
  const child = await store.child(id);
  if (child !== undefined && processIdentity(child.pid) === child.identity) signalGroup(child.pid, "SIGKILL");
}
