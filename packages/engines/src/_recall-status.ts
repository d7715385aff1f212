import { JobStatus, isTerminal } from "@parley/core";
import { readIfPresent } from "./_job-store.ts";
import type { JobStore } from "./_job-store.ts";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The status seen last, or the exit status the job itself left, for a job that its scheduler has forgotten. */
export async function recallStatus(store: JobStore, siteJobId: string, tag: string): Promise<JobStatus> {
  const files = store.files(tag);
  const seen = JobStatus.safeParse(parseJson((await readIfPresent(files.lastStatus)) ?? ""));
  const last = seen.success && seen.data.siteJobId === siteJobId ? seen.data : undefined;
  if (last !== undefined && isTerminal(last.state)) return last;
  const code = (await readIfPresent(files.exitCode))?.trim() ?? "";
  if (/^\d{1,3}$/.test(code)) {
    const reason = "The scheduler has forgotten the job; this is the exit status it left itself.";
    return {
      ...last,
      siteJobId,
      state: code === "0" ? "COMPLETED" : "FAILED",
      exitCode: Number(code),
      reason,
    };
  }
  const reason = "The scheduler has forgotten the job, and it left no exit status.";
  return { ...last, siteJobId, state: "UNKNOWN", reason };
}
