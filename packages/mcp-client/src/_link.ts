import type { Deadline } from "./_deadline.ts";
import type { Peer } from "./_peer.ts";
import type { McpNotification, McpRequestHandlers } from "./inbound.ts";
import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpEra } from "./options.ts";

/** A request of either era. */
export interface McpRequest {
  readonly method: string;
  readonly params: JsonObject;
  /** For messages: `tools/call status`. */
  readonly what: string;
  readonly deadline: Deadline;
  readonly call: McpCallOptions;
}

/** What a client does with the messages a peer begins. */
export interface Inbound {
  /** Whether a standing stream is worth opening. */
  readonly wantsStream: boolean;
  /** What the client can answer, for a handshake or for one call. */
  capabilities(handlers?: McpRequestHandlers): JsonObject;
  /** The level of log messages asked for. */
  logLevel(): string | undefined;
  notify(notification: McpNotification, during?: McpRequest): void;
  /** The result, or an {@link RpcFault} to answer with. */
  answer(
    request: McpNotification,
    context: { signal: AbortSignal; during?: McpRequest | undefined; isGuess?: boolean | undefined },
  ): Promise<JsonObject>;
  /** A connection ended that was not closed from here. */
  lost(link: Link, reason: Error): void;
  warn(message: string): void;
}

/** Which changes a modern peer is asked to tell of. */
export interface ListenFilter {
  readonly toolsListChanged?: true;
  readonly promptsListChanged?: true;
  readonly resourcesListChanged?: true;
  readonly resourceSubscriptions?: readonly string[];
}

export interface ListenOptions {
  readonly signal: AbortSignal;
  /** Hears that the peer took the subscription. */
  readonly onReady: () => void;
}

/** A peer of a known era. */
export interface Link {
  readonly era: McpEra;
  /** Whether it ends when the peer changes: a session, or a process. A verdict without one is only kept for a while. */
  readonly lasting: boolean;
  /** Identity, capabilities and instructions, where the peer gave them. */
  readonly server: JsonObject | undefined;
  request(request: McpRequest): Promise<JsonObject>;
  /** Keeps a `subscriptions/listen` open until the signal ends it; resolves when the peer ended it. */
  listen(filter: ListenFilter, options: ListenOptions): Promise<void>;
  notify(method: string, params: JsonObject): Promise<void>;
  /** Stops listening; running calls go on. */
  retire(): void;
  close(): Promise<void>;
}

/** Where a link comes from. */
export interface Endpoint {
  readonly peer: Peer;
  open(era: McpEra | "auto", deadline: Deadline, inbound: Inbound): Promise<Link>;
  /** Ends what links of this endpoint share. */
  close(): Promise<void>;
}

/** A fault that is the answer to a peer's request. */
export class RpcFault extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** An answer by which a peer seems to have changed its era; the request was not run. */
export class EraDoubt extends Error {
  readonly reason: Error;
  /** Whether the peer said so itself. */
  readonly certain: boolean;

  constructor(reason: Error, certain: boolean) {
    super(reason.message);
    this.reason = reason;
    this.certain = certain;
  }
}
