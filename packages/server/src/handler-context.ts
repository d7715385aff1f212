import type { AuthInfo, ClientCapabilities, ServerContext } from "@modelcontextprotocol/server";
import type { CallSession, LogLevel, ToolContext } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { Call } from "./calls.ts";
import type { CheckedServer } from "./checked-server.ts";
import type { Era } from "./eras.ts";
import { clientCapabilitiesKey, logLevelKey } from "./protocol-words.ts";

/** What a protocol server knows of every request it handles. */
export interface Handling {
  readonly server: CheckedServer;
  readonly era: Era;
  /** Who calls where the transport carries no credential. */
  readonly fallback: Caller;
  /** Absent where each request stands alone. */
  readonly session?: CallSession | undefined;
}

/** The parts of a call that come from the request around it, whatever it calls. */
export function callFrame(
  context: ServerContext,
  { server, era, fallback, session }: Handling,
): Omit<Call, "name" | "args"> {
  const { mcpReq, http } = context;
  const modern = era === "2026";
  return {
    caller: callerOf(http?.authInfo, fallback),
    signal: mcpReq.signal,
    progress: progressOf(context),
    log: logOf(context),
    logLevel: modern ? levelIn(mcpReq.envelope) : sessionLogLevel(server),
    hangUp: () => http?.closeSSE?.(),
    session,
    _meta: mcpReq._meta,
    round: {
      era,
      capabilities: modern ? declaredIn(mcpReq.envelope) : server.getClientCapabilities(),
      responses: mcpReq.inputResponses,
      state: mcpReq.requestState(),
    },
  };
}

function declaredIn(envelope: Readonly<Record<string, unknown>> = {}): ClientCapabilities | undefined {
  // The envelope was read by the protocol's schema before any handler ran.
  return envelope[clientCapabilitiesKey] as ClientCapabilities | undefined;
}

function levelIn(envelope: Readonly<Record<string, unknown>> = {}): LogLevel | undefined {
  // As above: read before.
  return envelope[logLevelKey] as LogLevel | undefined;
}

/** For clients of the 2025 revisions that name no level: the protocol leaves it to the server. */
const usualLevel = "info";

/** What a client of the 2025 revisions wants to hear of; most never say. */
export function sessionLogLevel({ logLevel }: Pick<CheckedServer, "logLevel">): LogLevel {
  return logLevel ?? usualLevel;
}

function progressOf({ mcpReq }: ServerContext): ToolContext["progress"] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return (progress, total, message) => {
    const params = {
      progressToken,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    // A client that has gone does not fail the tool.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

/** The SDK drops what is below the level the client has set, for its session or in its request. */
function logOf({ mcpReq }: ServerContext): ToolContext["log"] {
  return (level, data, logger) => {
    mcpReq.log(level, data, logger).catch(() => undefined);
  };
}

/** A caller in the form the SDK carries beside a request. */
export function authInfoOf({ name, scopes, address, headers }: Caller): AuthInfo {
  return { token: "", clientId: name, scopes: [...scopes], extra: { address, headers } };
}

function callerOf(auth: AuthInfo | undefined, fallback: Caller): Caller {
  if (auth === undefined) return fallback;
  // What `authInfoOf` put there.
  const extra = auth.extra as Pick<Caller, "address" | "headers"> | undefined;
  return { name: auth.clientId, scopes: new Set(auth.scopes), ...extra };
}
