import { ParleyError, toParleyError } from "@parley/core";
import type { z } from "zod";
import { prettifyError } from "zod";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Whether an error says that nothing more fits on the disk. */
function isDiskFull(error: unknown): boolean {
  return ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ENOSPC", "EDQUOT"].includes(codeOf(error));
}

/**
 * Whether the calls of a failed transaction may each be tried alone: not where another writer is in the way, nor
 * after an input-output error, which leaves open what reached the disk.
 */
export function mayTryAlone(error: unknown): boolean {
  return isDiskFull(error) || !/^SQLITE_(BUSY|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)/.test(codeOf(error));
}

/** What a caller is told when nothing more fits. */
export function diskFull(path: string, cause?: unknown): ParleyError {
  return new ParleyError(
    "E_QUEUE_DISK_FULL",
    `The queue ${path} wrote nothing: its disk or quota is full; free space, prune finished tasks, then try again.`,
    { cause, details: { path } },
  );
}

/** Turns an error of SQLite or of the file system into ours. */
export function queueError(cause: unknown, path: string): ParleyError {
  if (ParleyError.isInstance(cause)) return cause;
  if (isDiskFull(cause)) return diskFull(path, cause);
  const reason = codeOf(cause);
  if (reason === "unknown") return toParleyError(cause);
  const details = { path, reason };
  if (reason.startsWith("SQLITE_CORRUPT") || reason === "SQLITE_NOTADB") {
    return new ParleyError("E_DATABASE_CORRUPT", `The queue ${path} is damaged: restore a backup.`, {
      cause,
      details,
    });
  }
  const busy = reason.startsWith("SQLITE_BUSY");
  const remedy = busy ? "another process holds the file; try again" : "check its disk and its permissions";
  return new ParleyError("E_DATABASE_IO", `The queue ${path} failed (${reason}): ${remedy}.`, {
    cause,
    details,
    retryable: busy,
  });
}

/**
 * Reads what a caller passed.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` with the path of the field.
 */
export function parseArgument<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `The queue got an unusable value: ${prettifyError(parsed.error)}`,
  );
}
