import type { JsonObject } from "@parley/mcp-client";
import type { ToolContext } from "@parley/tool-registry";

/** Keys of the protocol itself: each side of a mount writes its own. */
const protocolPrefix = "io.modelcontextprotocol/";

/** The `_meta` of a call on its way to the server: the caller's own, a trace among it, and the log level it asked for. */
export function metaFor({ _meta, logLevel }: ToolContext): JsonObject {
  const meta: Record<string, unknown> = {};
  for (const key in _meta) {
    const isTheirs = key !== "progressToken" && key !== "__proto__" && !key.startsWith(protocolPrefix);
    if (isTheirs) meta[key] = _meta[key];
  }
  if (logLevel !== undefined) meta[`${protocolPrefix}logLevel`] = logLevel;
  return meta;
}
