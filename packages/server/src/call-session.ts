import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Server } from "@modelcontextprotocol/server";
import { Stop } from "@parley/core";
import type { CallSession } from "@parley/tool-registry";

const rootsTimeoutMs = 5000;

/** The session that one protocol server serves; it ends when the server's connection does. */
export function createCallSession(server: Server): CallSession {
  const closing = new Stop();
  // Every running call of the session may listen for its end.
  setMaxListeners(0, closing.signal);
  const closed = server.onclose;
  // The SDK has this hook and no events.
  Object.assign(server, {
    onclose: () => {
      closed?.();
      closing.abort();
    },
  });
  const rootsListeners = new Set<() => void>();
  server.setNotificationHandler("notifications/roots/list_changed", () => {
    for (const listener of rootsListeners) listener();
  });
  return {
    id: randomUUID(),
    closed: closing.signal,
    ending: closing,
    onRootsChanged(listener) {
      rootsListeners.add(listener);
      return () => void rootsListeners.delete(listener);
    },
    async listRoots(signal) {
      if (closing.signal.aborted || server.getClientCapabilities()?.roots === undefined) return undefined;
      // A client that listens to no stream cannot be asked.
      return await server.listRoots({}, { signal, timeout: rootsTimeoutMs }).catch(() => undefined);
    },
    async notify(method, params) {
      if (closing.aborted) return;
      // A client that has gone, or that listens to nothing, misses the notification.
      await server.notification({ method, params: { ...params } }).catch(() => undefined);
    },
  };
}
