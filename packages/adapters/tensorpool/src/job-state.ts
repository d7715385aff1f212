import { z } from "zod";
import type { Reply } from "./backend.ts";
import type { Call } from "./call.ts";
import { jobCommands } from "./commands/jobs.ts";

/** The engine's states of a job. */
const JobState = z.enum(["pending", "running", "completed", "error", "failed", "canceling", "canceled"]);
type JobState = z.infer<typeof JobState>;

const ended: ReadonlySet<JobState> = new Set(["completed", "error", "failed", "canceled"]);

export const JobInfo = z.object({
  job_id: z.string(),
  message: z.string(),
  /** Absent where the engine's answer does not tell. */
  state: JobState.optional(),
  /** Whether it has ended. */
  terminal: z.boolean(),
  /** `failed_by_code`: the job's own command failed; `failed_by_engine`: the machine did. */
  outcome: z.enum(["succeeded", "failed_by_code", "failed_by_engine", "canceled"]).optional(),
});
export type JobInfo = z.infer<typeof JobInfo>;

const outcomes: Partial<Record<JobState, JobInfo["outcome"]>> = {
  completed: "succeeded",
  error: "failed_by_code",
  failed: "failed_by_engine",
  canceled: "canceled",
};

/** Asks for a job and reads its state from the engine's data, else from its words. */
export async function readJob(call: Call, jobId: string): Promise<JobInfo> {
  const reply = await call.backend.send(jobCommands.info(jobId), call);
  const state = stateOf(reply);
  const outcome = state === undefined ? undefined : outcomes[state];
  return {
    job_id: jobId,
    message: reply.message,
    terminal: state !== undefined && ended.has(state),
    ...(state === undefined ? {} : { state }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

const Info = z.object({ job_info: z.object({ status: z.string() }) });

function stateOf({ data, message }: Reply): JobState | undefined {
  const told = Info.safeParse(data).data?.job_info.status;
  const word = told ?? /\bstatus\b[\s|:*]{1,40}([a-z]+)/i.exec(message)?.[1];
  return JobState.safeParse(word?.toLowerCase()).data;
}

/** A job in words. */
export function sayJob({ job_id, state, outcome, message }: JobInfo): string {
  const head =
    state === undefined
      ? job_id
      : `${job_id} is ${state}${outcome === undefined ? "" : ` (${outcome.replaceAll("_", " ")})`}`;
  return `${head}.\n${message}`;
}

const firstPollMs = 2000;
const longestPollMs = 30_000;

/** Polls a job until it has ended or the time is over. */
export async function waitForJob(
  call: Call,
  { jobId, timeoutMs }: { readonly jobId: string; readonly timeoutMs: number },
): Promise<JobInfo> {
  const until = call.now() + timeoutMs;
  let delay = firstPollMs;
  for (;;) {
    const job = await readJob(call, jobId);
    const left = until - call.now();
    if (job.terminal || left <= 0) return job;
    call.onMessage(`${jobId} is ${job.state ?? "in a state the engine does not tell"}`);
    await call.sleep(Math.min(delay, left));
    delay = Math.min(delay * 1.5, longestPollMs);
  }
}
