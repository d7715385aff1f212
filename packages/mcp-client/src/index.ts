/** A small MCP client over HTTP for both protocol eras. */

export { createMcpClient } from "./client.ts";
export { createDispatcher } from "./dispatcher.ts";
export type { CaSource, ClientIdentity, IdentitySource } from "./dispatcher.ts";
export { createTracedClient, traceContext } from "./tracing.ts";
export type {
  JsonObject,
  McpCallOptions,
  McpClient,
  McpClientOptions,
  McpEra,
  McpProgress,
} from "./options.ts";
