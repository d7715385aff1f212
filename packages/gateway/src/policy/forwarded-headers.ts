import type { HeaderForwarding } from "../config/gateway-config.ts";

/** Headers that belong to the connection, to the protocol, or to this gateway, and never travel on. */
const own: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "last-event-id",
  "origin",
  "prefer",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

export interface ForwardingContext {
  readonly forwarding: HeaderForwarding | undefined;
  /** Whether `Authorization` holds a key of this gateway, which no server may see. */
  readonly isKeyed: boolean;
}

/**
 * The headers of a caller that its server is to see; `undefined` when there are none, and the call then goes over the
 * connection that all share.
 */
export function forwardedHeaders(
  headers: Readonly<Record<string, string>>,
  { forwarding, isKeyed }: ForwardingContext,
): Readonly<Record<string, string>> | undefined {
  if (forwarding === undefined) return undefined;
  const { whitelist, blacklist, rename } = forwarding;
  const chosen = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (own.has(name) || name.startsWith("mcp-")) return [];
    if (matches(blacklist, name) || (whitelist.length > 0 && !matches(whitelist, name))) return [];
    if (name === "authorization" && isKeyed) return [];
    return [[Object.hasOwn(rename, name) ? (rename[name] ?? name) : name, value]];
  });
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
}
