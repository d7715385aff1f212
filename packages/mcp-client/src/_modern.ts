import { joined } from "@parley/core";
import { protocolError } from "./_errors.ts";
import type { RpcError } from "./_errors.ts";
import type { Inbound, McpRequest } from "./_link.ts";
import { isObject } from "./_messages.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpEra } from "./options.ts";

/** The revision the modern path speaks. */
export const modernVersion = "2026-07-28";

/** JSON-RPC code of a peer that does not speak the requested revision (2026-07-28). */
export const unsupportedVersion = -32_022;
/** JSON-RPC code of a request whose headers and body differ (SEP-2243). */
export const headerMismatch = -32_020;

const metaPrefix = "io.modelcontextprotocol/";

/** Ties a notification to the `subscriptions/listen` it belongs to. */
export const subscriptionKey = `${metaPrefix}subscriptionId`;

/** What a modern peer made of a request. */
export type ModernAnswer =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly status: number; readonly error: RpcError | undefined };

/** A discovery with the peer's identity where the one of a handshake is. */
export function identified(discovery: JsonObject): JsonObject {
  const meta = discovery["_meta"];
  const serverInfo = isObject(meta) ? meta[`${metaPrefix}serverInfo`] : undefined;
  return serverInfo === undefined ? discovery : { serverInfo, ...discovery };
}

/** Makes the `_meta` of requests; the part all of them share is made once. */
export function createMeta(peer: Peer, inbound: Inbound): (request: McpRequest, id: number) => JsonObject {
  const envelope = (capabilities: JsonObject): JsonObject => ({
    [`${metaPrefix}protocolVersion`]: modernVersion,
    [`${metaPrefix}clientInfo`]: peer.identity,
    [`${metaPrefix}clientCapabilities`]: capabilities,
  });
  const usual = envelope(inbound.capabilities());
  const declared = ({ capabilities, handlers }: McpCallOptions): JsonObject => {
    if (capabilities) return envelope(capabilities);
    return handlers ? envelope(inbound.capabilities(handlers)) : usual;
  };
  return ({ call }, id) => {
    const logLevel = inbound.logLevel();
    const meta: Record<string, unknown> = joined(call.meta ?? {}, declared(call));
    if (logLevel !== undefined) meta[`${metaPrefix}logLevel`] = logLevel;
    if (call.onProgress) meta["progressToken"] = id;
    return meta;
  };
}

function versionsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((version) => typeof version === "string") : undefined;
}

/** Decides the era by the answer to `server/discover`: only a listed version or its refusal means modern. */
export function judge(peer: Peer, answer: ModernAnswer): McpEra {
  if (answer.kind === "result") {
    return versionsIn(answer.result["supportedVersions"])?.includes(modernVersion) ? "modern" : "legacy";
  }
  const { error } = answer;
  if (error?.code !== unsupportedVersion || !isObject(error.data)) return "legacy";
  const supported = versionsIn(error.data["supported"]) ?? [];
  // A peer may refuse one request of a revision and still list it: then it speaks it.
  if (supported.includes(modernVersion)) return "modern";
  const newer = supported.find((version) => version > modernVersion);
  if (newer === undefined) return "legacy";
  throw protocolError(peer, `speaks only revision ${peer.quote(newer)} of MCP, newer than ${modernVersion}`);
}
