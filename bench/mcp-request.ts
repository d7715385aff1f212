const protocol = "io.modelcontextprotocol";

/** A request of the 2026-07-28 revision as it goes over the wire: headers and body. */
export function modernRequest(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
): { readonly headers: Record<string, string>; readonly body: string } {
  const _meta = {
    [`${protocol}/protocolVersion`]: "2026-07-28",
    [`${protocol}/clientInfo`]: { name: "bench", version: "0.0.0" },
    [`${protocol}/clientCapabilities`]: {},
  };
  return {
    headers: {
      ...jsonHeaders,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof params["name"] === "string" ? { "mcp-name": params["name"] } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  };
}

/** What every request to an MCP endpoint carries, of either era. */
export const jsonHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;
