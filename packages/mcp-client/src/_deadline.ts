import { setMaxListeners } from "node:events";
import { ParleyError } from "@parley/core";
import type { Peer } from "./_peer.ts";
import type { McpCallOptions } from "./options.ts";

/** The time a call has, and the signal that ends it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Starts the time-out anew; never beyond the total. */
  extend(): void;
  /** Why the call was ended, when it was. */
  reason(): ParleyError | undefined;
  /** Awaits work that others share, but no longer than this call may last. */
  within<Result>(work: Promise<Result>): Promise<Result>;
  end(): void;
}

interface DeadlineOptions {
  readonly peer: Peer;
  /** What is called, for the message: `tools/call status`. */
  readonly what: string;
  readonly defaultTimeoutMs: number;
  readonly call: McpCallOptions;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
}

/** A promise that a signal rejects, and how to give its listener back. */
function interruption(signal: AbortSignal): { promise: Promise<never>; give: () => void } {
  let onAbort: (() => void) | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  return { promise, give: () => onAbort && signal.removeEventListener("abort", onAbort) };
}

/** Begins a call's deadline; `end` must run whatever happens. */
export function startDeadline({ peer, what, defaultTimeoutMs, call, closing }: DeadlineOptions): Deadline {
  const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
  const controller = new AbortController();
  const start = performance.now();
  const totalMs = call.onProgress ? (call.maxTotalMs ?? 10 * timeoutMs) : timeoutMs;
  let why: ParleyError | undefined;
  const stop = (error: ParleyError): void => {
    why ??= error;
    controller.abort(why);
  };
  const expire = (): void => {
    const seconds = Math.round(performance.now() - start) / 1000;
    const message = `${peer.host} did not answer ${what} within ${seconds} s: ask for less, or raise the time-out.`;
    stop(new ParleyError("E_MCP_TIMEOUT", message, { details: { url: peer.url.href, call: what } }));
  };
  const interrupt = (): void =>
    stop(new ParleyError("E_INTERRUPTED", `The call of ${what} at ${peer.host} was ended.`));
  let timer = setTimeout(expire, Math.min(timeoutMs, totalMs));
  for (const signal of [call.signal, closing]) {
    if (!signal) continue;
    if (signal.aborted) interrupt();
    // One signal may end a thousand calls at once; each takes its listener away again.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", interrupt, { once: true });
  }

  return {
    signal: controller.signal,
    extend() {
      clearTimeout(timer);
      if (why) return;
      timer = setTimeout(expire, Math.max(0, Math.min(timeoutMs, totalMs - (performance.now() - start))));
    },
    reason: () => why,
    async within(work) {
      if (why) throw why;
      const { promise, give } = interruption(controller.signal);
      try {
        return await Promise.race([work, promise]);
      } finally {
        give();
      }
    },
    end() {
      clearTimeout(timer);
      call.signal?.removeEventListener("abort", interrupt);
      closing.removeEventListener("abort", interrupt);
    },
  };
}
