import { createClient, patienceOf } from "./_client.ts";
import { createHttpPeer } from "./_http-peer.ts";
import { createHttpEndpoint } from "./_open-http.ts";
import type { McpClient } from "./client.ts";
import type { McpClientOptions } from "./options.ts";

/**
 * A client of one MCP server over HTTP, for both protocol eras. It connects at the first call.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable url or token, `E_CONFIG_INVALID` for `ca`.
 */
export function createMcpClient(options: McpClientOptions): McpClient {
  const patienceMs = patienceOf(options);
  const peer = createHttpPeer(options);
  const transport = options.transport ?? "http";
  return createClient(createHttpEndpoint({ peer, transport, patienceMs }), options);
}
