import { ParleyError, isTerminal } from "@parley/core";
import type { SlurmJobDetails } from "@parley/engines/slurm";
import { z } from "zod";
import type { Call } from "../call.ts";
import { configuredRoots, realRoots } from "../files/roots.ts";
import { readText } from "../files/read.ts";
import { slurmOf, stateDirOf } from "./site.ts";

/** A piece of a job's output. */
export const LogPiece = z.object({
  job_id: z.string(),
  stream: z.enum(["stdout", "stderr"]),
  file: z.string().optional(),
  text: z.string(),
  /** Goes on from here. */
  next_cursor: z.string(),
  /** Whether the job has ended and nothing follows. */
  complete: z.boolean(),
  /** Whether output before the text was left out. */
  skipped: z.boolean(),
});
export type LogPiece = z.infer<typeof LogPiece>;

/** What {@link readLogs} reads. */
export interface LogRequest {
  readonly job_id: string;
  readonly stream: "stdout" | "stderr";
  readonly max_bytes: number;
  /** Absent shows the end. */
  readonly cursor?: string | undefined;
}

/**
 * Reads output of a job from its file, which has to be in the state folder or in one of the roots: any user may write
 * any path into a job, and this server's user may be allowed to read more than they are.
 * @throws `E_ENGINE_JOB_UNKNOWN`, `E_PATH_FORBIDDEN`, `E_ENGINE_*`
 */
export async function readLogs(call: Call, request: LogRequest): Promise<LogPiece> {
  const { job_id, stream, max_bytes: maxBytes, cursor } = request;
  const slurm = slurmOf(call);
  const { signal } = call;
  const [job] = await slurm.job(job_id, { signal });
  const file = job === undefined ? undefined : stream === "stdout" ? job.stdoutFile : job.stderrFile;
  if (job === undefined || file === undefined) {
    const chunk = await slurm.engine.logs(job_id, { stream, cursor, maxBytes, signal });
    const { text, complete, cursor: next_cursor } = chunk;
    return { job_id, stream, text, complete, next_cursor, skipped: false };
  }
  return readFileOf(call, job, { ...request, file });
}

async function readFileOf(
  call: Call,
  job: SlurmJobDetails,
  { file, job_id, stream, max_bytes: maxBytes, cursor }: LogRequest & { readonly file: string },
): Promise<LogPiece> {
  const roots = await realRoots([stateDirOf(call), ...configuredRoots(call)]);
  const ended = isTerminal(job.state);
  const from = cursor ?? "end";
  const piece = await readText(file, { roots, maxBytes, from }).catch((error: unknown) => {
    // A job that has not started has no file yet.
    if (error instanceof ParleyError && error.code === "E_OBJECT_UNKNOWN") return undefined;
    throw error;
  });
  return {
    job_id,
    stream,
    file,
    text: piece?.text ?? "",
    next_cursor: piece?.next ?? "0",
    complete: ended && piece?.atEnd !== false,
    skipped: cursor === undefined && (piece?.start ?? 0) > 0,
  };
}
