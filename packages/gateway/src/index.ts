/** Any set of MCP servers behind one address: as OpenAPI with a route for each tool, and as MCP. */

export { createGateway } from "./create-gateway.ts";
export type { Gateway, GatewayCall, GatewayConfig, GatewayDependencies } from "./gateway.ts";
export type { GatewayStdioOptions } from "./mcp/over-stdio.ts";
export type { ServerState } from "./status.ts";
export type { RosterChange, RosterOptions } from "./upstream/roster.ts";
export type { BreakerSettings, BreakerState } from "./pool/breaker.ts";
export type { ReplicaState } from "./pool/replica.ts";
export type { ReadSettings } from "./config/reads.ts";
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
export { warmServers } from "./upstream/warm-servers.ts";
export type { Warmed, WarmOptions } from "./upstream/warm-servers.ts";
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

export { openAudit } from "./audit/audit-log.ts";
export type { Audit, AuditOptions, CallSink } from "./audit/audit-log.ts";
export type { AuditFile, OpenFile } from "./audit/open-chain.ts";
export { verifyAudit } from "./audit/verify-audit.ts";
export type { AuditGap, AuditVerdict } from "./audit/verify-audit.ts";
export type { AuditArguments, GatewayCallRecord } from "./audit/audit-record.ts";
export { definitionsOf, itemOf } from "./pins/definition.ts";
export type { Definition, Offered } from "./pins/definition.ts";
export { createPinStore } from "./pins/pin-store.ts";
export type { PinStore, Verdict } from "./pins/pin-store.ts";
export { differences } from "./pins/difference.ts";
export type { Difference } from "./pins/difference.ts";
export type { Finding } from "./scan/scan-definitions.ts";
export type { SafetyOptions } from "./safety/create-safety.ts";
export type {
  CallLimit,
  CallerOAuth,
  LimitRules,
  NetworkRules,
  OnChange,
  OnFinding,
  SafetyRules,
  ScopeGrant,
  ServerSafety,
  ToolLimit,
} from "./config/safety-config.ts";
export { createAddressCheck } from "./policy/address-rules.ts";
export { approvePins } from "./pins/approve-pins.ts";
export { scanDefinitions } from "./scan/scan-definitions.ts";
export { visible } from "./scan/visible.ts";
