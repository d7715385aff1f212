import { ParleyError } from "@parley/core";
import type { PlanFile } from "../plan-file/load-plan.ts";
import { readPlanText } from "../plan-file/read-text.ts";

/** Looks whether the files of a run are what they were when it began. @throws `E_PLAN_CHANGED` naming the file and both digests */
export async function checkUnchanged(files: readonly PlanFile[], runId: string): Promise<void> {
  for (const { path, hash } of files) {
    const now = await hashNow(path);
    if (now === hash) continue;
    const change =
      now === undefined
        ? `is gone or cannot be read since the run ${runId} began`
        : `has changed since the run ${runId} began (sha256 ${short(hash)} then, ${short(now)} now)`;
    throw new ParleyError(
      "E_PLAN_CHANGED",
      `${path} ${change}: put the old file back to resume it, or start a new run.`,
      { details: { path, before: hash, ...(now === undefined ? {} : { now }) } },
    );
  }
}

async function hashNow(path: string): Promise<string | undefined> {
  try {
    return (await readPlanText(path)).hash;
  } catch {
    return undefined;
  }
}

const short = (hash: string): string => hash.slice(0, 12);
