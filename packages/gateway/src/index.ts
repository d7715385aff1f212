/** Any set of MCP servers behind one address: as OpenAPI with a route for each tool, and as MCP. */

export { createGateway } from "./create-gateway.ts";
export type { Gateway, GatewayCall, GatewayConfig, GatewayDependencies } from "./gateway.ts";
export type { ServerState } from "./status.ts";
export type { RosterChange, RosterOptions } from "./upstream/roster.ts";
export type { BreakerSettings, BreakerState } from "./pool/breaker.ts";
export type { ReplicaState } from "./pool/replica.ts";
export type { ReadSettings } from "./config/reads.ts";
export type { UpstreamState, UpstreamStatus } from "./upstream/upstream.ts";

export { parseGatewayConfig } from "./config/parse-config.ts";
export type { ParseConfigOptions } from "./config/parse-config.ts";
export type { ConfigProblem } from "./config/_document.ts";
export { transportKind } from "./config/_read-entry.ts";
export type {
  GatewayKey,
  GatewayServer,
  GatewayServers,
  HeaderForwarding,
  HttpConnection,
  OAuthSettings,
  StdioConnection,
  ToolChange,
  ToolPolicy,
} from "./config/gateway-config.ts";
