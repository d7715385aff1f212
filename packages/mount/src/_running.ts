import { InFlight } from "@parley/core";
import type { McpNotification, McpRequestHandlers } from "@parley/mcp-client";

/** A call that runs, and how its client is reached. */
export interface RunningCall {
  /** What its client can be asked. */
  readonly handlers: McpRequestHandlers;
  readonly hear: (notification: McpNotification) => void;
}

/** The calls that run over one connection. */
export interface RunningCalls {
  readonly size: number;
  /** The one that began last. */
  readonly last: RunningCall | undefined;
  /** The last one whose client can be asked so. */
  able(method: keyof McpRequestHandlers): RunningCall | undefined;
  /** @returns what is called at its end */
  add(call: RunningCall): () => void;
  /** Resolves when one begins or ends, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

export function createRunningCalls(): RunningCalls {
  const calls = new InFlight<RunningCall>();
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const wake of waiting) wake();
  };
  return {
    get size() {
      return calls.size;
    },
    get last() {
      return calls.last;
    },
    able: (method) => calls.members().findLast(({ handlers }) => handlers[method] !== undefined),
    add(call) {
      const leave = calls.add(call);
      tell();
      return () => {
        leave();
        tell();
      };
    },
    async changed(signal) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener("abort", wake, { once: true });
      });
    },
  };
}
