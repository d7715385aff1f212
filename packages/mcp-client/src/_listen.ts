import { endingOf } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import type { Inbound, ListenFilter, ListenOptions, McpRequest } from "./_link.ts";

/** No deadline at all: a subscription lasts until it is ended. */
function endless(signal: AbortSignal): Deadline {
  return {
    signal,
    ending: endingOf(signal),
    extend() {},
    aside: (work) => work,
    reason: () => (signal.aborted && signal.reason instanceof Error ? signal.reason : undefined),
    async within(work) {
      if (signal.aborted) throw signal.reason;
      let onAbort: (() => void) | undefined;
      const ended = new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
      });
      try {
        return await Promise.race([work, ended]);
      } finally {
        if (onAbort) signal.removeEventListener("abort", onAbort);
      }
    },
    end() {},
  };
}

/** The `subscriptions/listen` request of the 2026-07-28 revision; its acknowledgement goes to `onReady`. */
export function listenRequest(inbound: Inbound, filter: ListenFilter, options: ListenOptions): McpRequest {
  const method = "subscriptions/listen";
  return {
    method,
    params: { notifications: filter },
    what: method,
    deadline: endless(options.signal),
    call: {
      onNotification(notification) {
        if (notification.method === "notifications/subscriptions/acknowledged") options.onReady();
        else inbound.notify(notification);
      },
    },
  };
}
