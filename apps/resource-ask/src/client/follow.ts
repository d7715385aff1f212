import { ParleyError, isTerminal } from "@parley/core";
import type { Job, LogChunk } from "@parley/core";
import type { LogOptions, WaitOptions } from "./options.ts";

/** Failed looks in a row after which a hub counts as gone. */
const mostFailures = 5;

/** Looks at a job until it has ended. */
export async function waitFor(look: () => Promise<Job>, options: WaitOptions = {}): Promise<Job> {
  const { signal, onChange, pollMs = 1000 } = options;
  let shown: string | undefined;
  let intervalMs = pollMs;
  let failures = 0;
  for (;;) {
    const job = await look().catch((error: unknown) => {
      failures += 1;
      if (!isPassing(error) || failures >= mostFailures) throw error;
      return undefined;
    });
    if (job !== undefined) {
      failures = 0;
      intervalMs = job.state === shown ? Math.min(intervalMs * 1.5, pollMs * 5) : pollMs;
      if (job.state !== shown) onChange?.(job);
      shown = job.state;
      if (isTerminal(job.state)) return job;
    }
    await pause(intervalMs, signal);
  }
}

/** Reads chunks to the end of what there is, or with `follow` to the end of the job. */
export async function* readLogs(
  read: (cursor: string | undefined) => Promise<LogChunk>,
  options: LogOptions = {},
): AsyncGenerator<LogChunk, void, undefined> {
  const { signal, follow = false, pollMs = 1000 } = options;
  let { cursor } = options;
  for (;;) {
    const chunk = await read(cursor);
    const moved = chunk.text !== "";
    if (moved || chunk.complete) yield chunk;
    if (chunk.complete || (!moved && !follow)) return;
    cursor = chunk.cursor;
    if (!moved) await pause(pollMs, signal);
  }
}

function isPassing(error: unknown): boolean {
  return (
    ParleyError.isInstance(error) && (error.code === "E_MCP_UNREACHABLE" || error.code === "E_MCP_TIMEOUT")
  );
}

/** @throws what the signal was aborted with */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted === true) done();
    else signal?.addEventListener("abort", done, { once: true });
  });
  if (signal?.aborted === true)
    throw new ParleyError("E_INTERRUPTED", "Interrupted.", { cause: signal.reason });
}
