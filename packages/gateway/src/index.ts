/** Any set of MCP servers behind one address: as OpenAPI with a route for each tool, and as MCP. */

export { createGateway } from "./create-gateway.ts";
export type { Gateway, GatewayCall, GatewayConfig, GatewayDependencies } from "./gateway.ts";
export type { ServerState } from "./status.ts";
export type { RosterChange, RosterOptions } from "./upstream/roster.ts";
export { createMask, secretsOf } from "./recording/mask.ts";
export type { Mask } from "./recording/mask.ts";
export { readRecording } from "./recording/read-recording.ts";
export type {
  ReadRecordingOptions,
  RecordedCall,
  Recording,
  ServerRecording,
} from "./recording/read-recording.ts";
export { createRecorder } from "./recording/recorder.ts";
export type { Recorder, RecorderOptions } from "./recording/recorder.ts";
export { createReplay, replayGateway, replayServer } from "./recording/replay.ts";
export type { Replay, ReplayServerOptions } from "./recording/replay.ts";
export type { RecentCall, ServerHistory } from "./watch/history.ts";
export type { Latency } from "./watch/latency.ts";
export type { Overview, OverviewServer } from "./watch/overview.ts";
export type { UpstreamCallRecord, UpstreamOutcome } from "./watch/upstream-call.ts";
export type { UpstreamState, UpstreamStatus } from "./upstream/upstream.ts";

export { parseGatewayConfig } from "./config/parse-config.ts";
export type { ParseConfigOptions } from "./config/parse-config.ts";
export { locateInConfig } from "./config/locate.ts";
export type { ConfigProblem, Path } from "./config/_document.ts";
export { entryKeys } from "./config/_entry.ts";
export { transportKind } from "./config/_read-entry.ts";
export type {
  GatewayGroup,
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
