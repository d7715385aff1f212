import { ParleyError, type Stop } from "@parley/core";

interface Deadline<Value> {
  readonly deadlineMs: number;
  readonly stop: Stop;
  /** What is late, for the message. */
  readonly what: () => string;
  /** What the caller gets instead; it may throw. */
  readonly late: (error: ParleyError) => Value;
}

/** Aborts work that takes too long. Work that ignores its signal is left behind; its caller gets an answer all the same. */
export async function withDeadline<Value>(work: Promise<Value>, deadline: Deadline<Value>): Promise<Value> {
  const { deadlineMs, stop, what } = deadline;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<Value>((resolve, reject) => {
    timer = setTimeout(() => {
      const error = new ParleyError("E_MCP_TIMEOUT", `${what()} did not finish within ${deadlineMs} ms.`);
      try {
        resolve(deadline.late(error));
      } catch (thrown) {
        reject(thrown);
      }
      stop.abort(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
