import { z } from "zod";
import { Cursor, JobId, MaxBytes, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";
import { hasEnded } from "../views.ts";

export const Stream = z
  .enum(["both", "stdout", "stderr"])
  .default("both")
  .describe("Which output; both are in the order they were written; for example: stderr");

/** Output that was read, and where to go on. */
export const JobLogs = z.object({
  success: z.literal(true),
  job_id: z.string(),
  lines: z.array(z.string()),
  /** The exit code, once the job has ended with one. */
  return_code: z.number().int().optional(),
  /** Whether this is the last of it. */
  complete: z.boolean(),
  next_cursor: z.string(),
});

/** Lines without the empty one after the last line break. */
export function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** What a job has printed so far. */
export const getJobLogs = operation({
  name: "flux_get_job_logs",
  description:
    "Reads what a Flux job has printed so far, from the beginning or from a cursor on. A job that writes into a file prints nothing here.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    delay: z
      .number()
      .min(0)
      .max(40)
      .default(0)
      .describe("Seconds to wait for the job's end first, at most, for example: 10"),
    stream: Stream,
    cursor: Cursor,
    max_bytes: MaxBytes,
  }),
  output: JobLogs,
  async run({ job_id, uri, delay, stream, cursor, max_bytes }, call) {
    const flux = call.flux(uri);
    const { signal } = call;
    const first = await flux.job(job_id, { signal });
    if (delay > 0 && !hasEnded(first))
      await flux.waitForEvent(job_id, { name: "clean", seconds: delay, signal });
    const chunk = await flux.output(job_id, { stream, cursor, maxBytes: max_bytes, signal });
    const job = hasEnded(first) ? first : await flux.job(job_id, { signal });
    return {
      success: true as const,
      job_id,
      lines: linesOf(chunk.text),
      return_code: job.exitCode,
      complete: chunk.complete,
      next_cursor: chunk.cursor,
    };
  },
  say: ({ lines, return_code, complete, next_cursor }) =>
    [
      ...lines,
      complete
        ? `(end${return_code === undefined ? "" : `, exit code ${String(return_code)}`})`
        : `(more may come: cursor ${next_cursor})`,
    ].join("\n"),
});
