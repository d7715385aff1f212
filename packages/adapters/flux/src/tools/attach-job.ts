import { z } from "zod";
import { Cursor, JobId, MaxBytes, Uri, WaitSeconds } from "../arguments.ts";
import { operation } from "../operation.ts";
import { hasEnded } from "../views.ts";
import { waitForEnd } from "../waiting.ts";
import { JobLogs, Stream, linesOf } from "./get-job-logs.ts";

/** Follows a job to its end; what it prints is told as progress as it comes. Giving up leaves the job alone. */
export const attachJob = operation({
  name: "flux_attach_job",
  description:
    "Follows what a Flux job prints until it ends, time is up or max_bytes is reached; new output is told as progress.",
  toolset: "control",
  effect: "read",
  task: "optional",
  input: z.strictObject({
    job_id: JobId,
    uri: Uri,
    stream: Stream,
    cursor: Cursor,
    max_bytes: MaxBytes,
    timeout_seconds: WaitSeconds,
  }),
  output: JobLogs,
  async run({ job_id, uri, stream, cursor, max_bytes, timeout_seconds }, call) {
    const flux = call.flux(uri);
    let text = "";
    let next = cursor;
    let complete = false;
    const read = async (): Promise<string> => {
      const left = max_bytes - Buffer.byteLength(text);
      if (left < 4) return "";
      const chunk = await flux.output(job_id, { stream, cursor: next, maxBytes: left, signal: call.signal });
      text += chunk.text;
      next = chunk.cursor;
      complete = chunk.complete;
      return chunk.text;
    };
    const job = await waitForEnd(call, flux, {
      jobId: job_id,
      seconds: call.mayOutlive ? undefined : timeout_seconds,
      look: async () => (await read()) || undefined,
    });
    if (hasEnded(job) && !complete) await read();
    return {
      success: true as const,
      job_id,
      lines: linesOf(text),
      return_code: job.exitCode,
      complete,
      next_cursor: next ?? "0",
    };
  },
  say: ({ lines, return_code, complete, next_cursor }) =>
    [
      ...lines,
      complete
        ? `(end, exit code ${String(return_code ?? "none")})`
        : `(more may come: cursor ${next_cursor})`,
    ].join("\n"),
});
