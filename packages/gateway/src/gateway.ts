import type { ServerOptions } from "@parley/server";
import type { Listening, ListenOptions, ParleyServer } from "@parley/server";
import type { Finding } from "./scan/scan-definitions.ts";
import type { CallerTokens } from "./policy/caller-tokens.ts";
import type { SafetyOptions } from "./safety/create-safety.ts";
import type { SafetyRules } from "./config/safety-config.ts";
import type { Offered } from "./pins/definition.ts";
import type { GatewayGroup, GatewayKey, GatewayServer, GatewayServers } from "./config/gateway-config.ts";
import type { GatewayStdioOptions } from "./mcp/over-stdio.ts";
import type { RosterChange, RosterOptions } from "./upstream/roster.ts";
import type { ServerState } from "./status.ts";
import type { GatewayMeters } from "./watch/meters.ts";
import type { Tool, ToolContext, ToolResult } from "@parley/tool-registry";

/** A call of a tool by its names. */
export interface GatewayCall {
  readonly server: string;
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the server's own time-out. */
  readonly timeoutMs?: number | undefined;
  /** Hears what the server reports while the tool runs. */
  readonly onProgress?: ToolContext["progress"] | undefined;
}

/** What a gateway serves, and how. */
export interface GatewayConfig extends SafetyRules {
  readonly servers: readonly GatewayServer[];
  /** Callers that may call tools; none means everybody. */
  readonly keys?: readonly GatewayKey[] | undefined;
  /** Servers and tools that are served together, each at addresses of its own. */
  readonly groups?: readonly GatewayGroup[] | undefined;
  /** Whether documents and lists ask for a key too (default `false`, as mcpo). */
  readonly strictAuth?: boolean | undefined;
  /** Whether there is one server whose tools are at the top: `/{tool}` in place of `/{server}/{tool}`. */
  readonly alone?: boolean | undefined;
  /** Title, description and version of the documents. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  /** Stands before the servers' names (default `/`). */
  readonly pathPrefix?: string | undefined;
  /** What a proxy in front cuts off; goes into the documents' addresses. */
  readonly rootPath?: string | undefined;
  readonly corsOrigins?: readonly string[] | undefined;
  /** Names that pass the Host guard beside loopback and the bound host; `*` for all. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Time a call may take without progress (default 300,000). */
  readonly timeoutMs?: number | undefined;
}

/** What a gateway takes from around it. */
export interface GatewayDependencies extends Partial<
  Omit<RosterOptions, "timeoutMs" | "guard" | "checkAddress" | "busyPoll">
> {
  readonly logger?: ServerOptions["logger"];
  readonly https?: ServerOptions["https"];
  /** From `@parley/gateway/metrics`, or from `@parley/server/metrics`, which tells nothing of the servers behind. */
  readonly metrics?:
    | (NonNullable<ServerOptions["metrics"]> & { readonly gateway?: GatewayMeters })
    | undefined;
  readonly observers?: ServerOptions["observers"];
  /** Takes access tokens of callers, for a configuration with `oauth`; from `@parley/gateway/oauth`. */
  readonly callerTokens?: CallerTokens | undefined;
  /** Pins, scan, audit. */
  readonly safety?: SafetyOptions | undefined;
  /** How long a question over REST waits for its answer, and a result for its caller (default 600,000). */
  readonly callTtlMs?: number | undefined;
  /** Calls over REST that may wait for their callers at once, a fifth of them for one caller (default 1,000). */
  readonly maxHeldCalls?: number | undefined;
  /**
   * How long the event loop keeps turning for an answer, or for a caller's next call, where the last one came that soon; such a
   * call is answered without waking this process. In milliseconds, 0 for never (default 1, on one processor 0).
   */
  readonly busyPollMs?: number | undefined;
  /** Time `close()` lets running calls finish (default 5,000). */
  readonly closeGraceMs?: number | undefined;
}

/** A gateway that does not listen yet; it connects to its servers from the start, in the background. */
export interface Gateway {
  /** The fastify app, for more routes. */
  readonly app: ParleyServer["app"];
  /** How its servers are. */
  readonly servers: readonly ServerState[];
  /** What a server offers now, by the names it has here; nothing for an unknown one. */
  tools(server: string): readonly Tool[];
  /** What a server says of itself, as it says it; nothing for an unknown one. */
  offered(server: string): Offered;
  /** What in it looks like hidden instructions. */
  findings(server: string): readonly Finding[];
  /** Reads the file of pins anew, after somebody has approved something. @returns whether it holds something else now */
  refreshPins(): boolean;
  /**
   * Calls a tool without a request.
   * @throws what the call fails with; `E_OBJECT_UNKNOWN`, `E_TOOL_UNKNOWN`
   */
  call(call: GatewayCall): Promise<ToolResult>;
  /** Resolves when every server has been tried once. */
  readonly settled: Promise<void>;
  /** @throws `E_LISTEN_FAILED` */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Serves everything to the one client at the other end of a pipe, standard input and output unless given: the user who
   * started the process, who needs no key. Nothing else may write there. Resolves when the input ends.
   */
  serveStdio(options?: GatewayStdioOptions): Promise<void>;
  /**
   * Takes other servers and keys. What stays the same stays connected, all changes come at one moment, and no running
   * call ends.
   * @throws `E_CONFIG_INVALID` for unusable keys; everything then stays as it was
   */
  reload(config: GatewayServers): Promise<RosterChange>;
  /** Takes no more calls, lets running ones finish, then ends every connection and program. Safe to call twice. */
  close(): Promise<void>;
}
