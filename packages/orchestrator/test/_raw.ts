import { z } from "zod";

/** Capabilities of a client that follows tasks. */
export const declaring = { elicitation: {}, extensions: { "io.modelcontextprotocol/tasks": {} } };

const Answer = z.looseObject({
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});

export type Answer = z.infer<typeof Answer> & { readonly status: number };

/** Sends one request of revision 2026-07-28 as it goes over the wire. */
export async function callRaw(
  url: string,
  method: string,
  params: Record<string, unknown>,
  capabilities: Record<string, unknown> = declaring,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const name = params["name"] ?? params["taskId"];
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": capabilities,
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { ...params, _meta } }),
  });
  return { ...Answer.parse(await response.json()), status: response.status };
}
