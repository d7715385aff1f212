import { digest } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { LRUCache } from "lru-cache";

/** Clients that speak for one caller each, told apart by the headers they send. */
export interface CallerClients {
  for(headers: Readonly<Record<string, string>>): McpClient;
  close(): Promise<void>;
}

/** Callers of one server that are connected at once. */
const maxCallers = 200;
const idleMs = 300_000;

/** No session and no cached answer of one caller is ever another's: each has a connection of its own. */
export function createCallerClients(
  open: (headers: Readonly<Record<string, string>>) => McpClient,
): CallerClients {
  const closing = new Set<Promise<void>>();
  const clients = new LRUCache<string, McpClient>({
    max: maxCallers,
    ttl: idleMs,
    updateAgeOnGet: true,
    ttlAutopurge: true,
    dispose(client) {
      const closed = client.close().catch(() => undefined);
      closing.add(closed);
      void closed.then(() => closing.delete(closed));
    },
  });
  return {
    for(headers) {
      const key = digest(headers);
      const known = clients.get(key);
      if (known !== undefined) return known;
      const client = open(headers);
      clients.set(key, client);
      return client;
    },
    async close() {
      clients.clear();
      await Promise.all(closing);
    },
  };
}
