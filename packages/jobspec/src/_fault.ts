import { ParleyError } from "@parley/core";

/** A source that cannot be read; `line` counts from 1. */
export function unreadable(message: string, line?: number, cause?: unknown): ParleyError {
  const where = line === undefined ? "" : `Line ${line}: `;
  return new ParleyError("E_JOBSPEC_INVALID", `${where}${message}`, {
    ...(line === undefined ? {} : { details: { line } }),
    ...(cause === undefined ? {} : { cause }),
  });
}
