import type { McpRequestHandlers } from "@parley/mcp-client";
import type { RunningCall, RunningCalls } from "./_running.ts";

/** How long a question waits for other calls to end, so that one is left that it can belong to. */
const patienceMs = 30_000;

interface AddresseeOptions {
  readonly running: RunningCalls;
  /** Whether every call over the connection is of one client. */
  readonly isOneClient: boolean;
}

/** Finds the call whose client is to answer a question that came over a stream which does not tell. */
export type Addressee = (
  method: keyof McpRequestHandlers,
  signal: AbortSignal,
) => Promise<RunningCall | undefined>;

/**
 * Who asks cannot end before it is answered. So with several calls the question waits until one is left; where each of
 * them waits for an answer, the last to ask is refused. No client is ever asked on a guess.
 */
export function createAddressee({ running, isOneClient }: AddresseeOptions): Addressee {
  let doubts = 0;
  const isHopeless = (): boolean => running.size > 1 && doubts >= running.size;

  const sole = async (signal: AbortSignal): Promise<RunningCall | undefined> => {
    doubts += 1;
    try {
      const late = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      while (running.size > 1 && !isHopeless() && !late.aborted) await running.changed(late);
      return running.size === 1 ? running.last : undefined;
    } finally {
      doubts -= 1;
    }
  };

  return async (method, signal) => {
    if (isOneClient) return running.able(method);
    // Servers ask for roots of their own accord: that is not worth holding anything up.
    if (method === "roots/list" && running.size > 1) return undefined;
    return await sole(signal);
  };
}
