import { digest } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { LRUCache } from "lru-cache";
import { createRunning } from "./running.ts";
import type { Running } from "./running.ts";

type Headers = Readonly<Record<string, string>>;

/** Clients that speak for one caller each, told apart by the headers they send. */
export interface CallerClients {
  /** Works with the client of a caller, which is not closed meanwhile. */
  with<Value>(headers: Headers, work: (client: McpClient) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

interface Entry {
  readonly client: McpClient;
  readonly running: Running;
}

/** Callers of one server that are connected at once. */
const maxCallers = 200;
const idleMs = 300_000;
/** The longest a call may run on after its client was given up. */
const longestMs = 86_400_000;

/** No session and no cached answer of one caller is ever another's: each has a connection of its own. */
export function createCallerClients(open: (headers: Headers) => McpClient): CallerClients {
  const given = new Set<McpClient>();
  const end = async (client: McpClient): Promise<void> => {
    await client.close().catch(() => undefined);
    given.delete(client);
  };
  const clients = new LRUCache<string, Entry>({
    max: maxCallers,
    ttl: idleMs,
    updateAgeOnGet: true,
    ttlAutopurge: true,
    dispose: ({ client, running }) => void running.idle(longestMs).then(() => end(client)),
  });
  const find = (headers: Headers): Entry => {
    const key = digest(headers);
    const known = clients.get(key);
    if (known !== undefined) return known;
    const entry = { client: open(headers), running: createRunning() };
    given.add(entry.client);
    clients.set(key, entry);
    return entry;
  };
  return {
    async with(headers, work) {
      const { client, running } = find(headers);
      return await running.during(work(client));
    },
    async close() {
      await Promise.all(Array.from(given, end));
      clients.clear();
    },
  };
}
