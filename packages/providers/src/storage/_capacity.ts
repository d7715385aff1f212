import { findExecutable, isSafePath, runProgram } from "../_command.ts";
import type { ProviderCallOptions, ProviderContext } from "../provider.ts";

export interface Capacity {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/**
 * Size of the file system under a path, through `df -Pk`; `undefined` when it cannot be read within 2 s. A separate
 * process, because a stale network mount would block one of this process's file threads for good.
 */
export async function readCapacity(
  context: ProviderContext,
  path: string,
  options: ProviderCallOptions = {},
): Promise<Capacity | undefined> {
  const program = isSafePath(path) ? await findExecutable(context, "df") : undefined;
  if (program === undefined) return undefined;
  const timeoutMs = Math.min(options.timeoutMs ?? 2000, 2000);
  const result = await runProgram(context, [program, "-Pk", "--", path], { ...options, timeoutMs });
  return result.ok ? parseDf(result.stdout) : undefined;
}

/** Reads the line under the header of `df -Pk`: source, 1024-blocks, used, available, capacity, mount point. */
export function parseDf(text: string): Capacity | undefined {
  const fields = /\s(\d{1,15})\s+(?:\d{1,15}|-)\s+(-?\d{1,15})\s+(?:\d+%|-)\s+\//.exec(
    text.split("\n")[1] ?? "",
  );
  if (fields === null) return undefined;
  const totalBytes = Number(fields[1]) * 1024;
  const freeBytes = Math.max(0, Number(fields[2])) * 1024;
  return Number.isSafeInteger(totalBytes) && Number.isSafeInteger(freeBytes)
    ? { totalBytes, freeBytes }
    : undefined;
}
