import { defaultBreaker } from "../pool/breaker.ts";
import type { Entry } from "./_entry.ts";
import type { Path } from "./_document.ts";
import type { GatewayServer, HttpConnection, StdioConnection } from "./gateway-config.ts";
import { defaultReads } from "./reads.ts";

/** The keys that say where a server is. */
export type Place = Pick<
  Entry,
  | "args"
  | "client_header_forwarding"
  | "command"
  | "cwd"
  | "env"
  | "headers"
  | "inheritEnv"
  | "oauth"
  | "startTimeout"
  | "transport"
  | "type"
  | "url"
>;

interface Problem {
  readonly path: Path;
  readonly message: string;
}

type Connection = StdioConnection | HttpConnection;

type Pooling = Pick<GatewayServer, "breaker" | "reads" | "replicas">;

/** What an entry says of other servers that offer the same, and of how calls are spread and kept. */
export function readPooling(
  entry: Entry,
  connectionOf: (place: Place) => Connection | Problem,
): Pooling | Problem {
  const { breaker, reads, client_header_forwarding: forwarding } = entry;
  const replicas: Connection[] = [];
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
