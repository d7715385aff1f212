import { defaultBreaker } from "../pool/breaker.ts";
import type { Entry } from "./_entry.ts";
import { connectionOf } from "./_read-entry.ts";
import type { EntryProblem, Place } from "./_read-entry.ts";
import type { GatewayServer, HttpConnection, StdioConnection } from "./gateway-config.ts";
import { defaultReads } from "./reads.ts";

type Pooling = Pick<GatewayServer, "breaker" | "reads" | "replicas">;

/** What an entry says of other servers that offer the same, and of how calls are spread and kept. */
export function readPooling(entry: Entry): Pooling | EntryProblem {
  const { breaker, reads, client_header_forwarding: forwarding } = entry;
  const replicas: (StdioConnection | HttpConnection)[] = [];
  for (const [index, replica] of (entry.replicas ?? []).entries()) {
    const place: Place = { ...replica, client_header_forwarding: forwarding };
    const connection = connectionOf(place);
    if ("message" in connection) {
      return { path: ["replicas", index, ...connection.path], message: connection.message };
    }
    replicas.push(connection);
  }
  return {
    ...(replicas.length === 0 ? {} : { replicas }),
    ...(breaker == null
      ? {}
      : {
          breaker: {
            failures: breaker.failures ?? defaultBreaker.failures,
            cooldownMs: breaker.cooldown == null ? defaultBreaker.cooldownMs : breaker.cooldown * 1000,
          },
        }),
    ...(reads == null
      ? {}
      : {
          reads: {
            cacheMs: (reads.cache ?? 0) * 1000,
            coalesce: reads.coalesce ?? defaultReads.coalesce,
            hedge: reads.hedge ?? defaultReads.hedge,
          },
        }),
  };
}
