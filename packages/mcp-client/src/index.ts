/** An MCP client over HTTP for both protocol eras; "./stdio" starts servers, "./oauth" gets tokens. */

export { createMcpClient } from "./create-client.ts";
export { createDispatcher } from "./dispatcher.ts";
export type { CaSource, ClientIdentity, IdentitySource } from "./dispatcher.ts";
export { createTracedClient, traceClient, traceContext } from "./tracing.ts";
export type { McpAuth, McpChallenge } from "./auth.ts";
export type { McpClient, McpCompletion, McpCompletionReference, McpLogLevel } from "./client.ts";
export type { McpNotification, McpRequestContext, McpRequestHandler, McpRequestHandlers } from "./inbound.ts";
export type { JsonObject } from "./json.ts";
export type { McpCallOptions, McpClientOptions, McpCommonOptions, McpEra, McpProgress } from "./options.ts";
