import { z } from "zod";
import type { Call } from "./call.ts";
import { cleanText } from "./text.ts";

export const FollowedJob = z.object({
  job_id: z.string(),
  /** Output lines, oldest first. */
  lines: z.array(z.string()),
  /** Whether lines before the first were left out. */
  truncated: z.boolean(),
  /** `stopped`: the limit of lines or time came first, and the job goes on. */
  end: z.enum(["success", "error", "stopped"]),
});
export type FollowedJob = z.infer<typeof FollowedJob>;

/** How far a job is followed. */
export interface FollowLimits {
  readonly jobId: string;
  /** Lines kept. */
  readonly keep: number;
  /** Whether it stops when as many have come, or goes on with the newest. */
  readonly stopWhenFull: boolean;
  readonly timeoutMs: number;
}

const longestLine = 8192;

/** Follows a job's output; each line is progress. */
export async function followJob(call: Call, limits: FollowLimits): Promise<FollowedJob> {
  const { jobId, keep, stopWhenFull, timeoutMs } = limits;
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), Math.min(timeoutMs, 2 ** 31 - 1));
  const lines: string[] = [];
  let truncated = false;
  const onMessage = (text: string): void => {
    for (const line of cleanText(call.redact(text)).split("\n")) {
      if (stopWhenFull && lines.length >= keep) return;
      lines.push(line.slice(0, longestLine));
      call.onMessage(line);
      if (!stopWhenFull && lines.length > keep) {
        lines.shift();
        truncated = true;
      }
    }
    if (stopWhenFull && lines.length >= keep) enough.abort();
  };
  try {
    const signal = AbortSignal.any([call.signal, enough.signal]);
    const { end } = await call.backend.listen(jobId, { signal, onMessage });
    call.signal.throwIfAborted();
    return { job_id: jobId, lines, truncated, end };
  } finally {
    clearTimeout(timer);
  }
}

/** What was heard of a job, marked as the job's own words. */
export function sayFollowed({ job_id, lines, truncated, end }: FollowedJob): string {
  const tail = {
    success: `${job_id} ended well.`,
    error: `${job_id} ended with an error; look at job_info.`,
    stopped: `${job_id} goes on; call again for more.`,
  }[end];
  const head = truncated ? ["[earlier lines left out]"] : [];
  return [...head, ...lines, tail].join("\n");
}
