import type { Ending } from "@parley/core";
import type { Dispatcher } from "undici";
import type { AddressCheck } from "./checked-connect.ts";
import type { McpAuth } from "./auth.ts";
import type { McpNotification, McpRequestHandlers } from "./inbound.ts";
import type { JsonObject } from "./json.ts";

/** Which protocol a peer speaks: `modern` is 2026-07-28, `legacy` everything with a handshake. */
export type McpEra = "modern" | "legacy";

/** What a peer says about a running call. */
export interface McpProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Options of every call. */
export interface McpCallOptions {
  /** Ends the call and tells the peer. */
  readonly signal?: AbortSignal | undefined;
  /** The same, for who makes calls by the thousand. */
  readonly ending?: Ending | undefined;
  /** Overrides the client's `timeoutMs` for this call. */
  readonly timeoutMs?: number | undefined;
  /** With `onProgress`: the most a call may take however often the peer reports (default 10 x `timeoutMs`). */
  readonly maxTotalMs?: number | undefined;
  /** Hears the peer's progress; each report starts the time-out anew. */
  readonly onProgress?: ((progress: McpProgress) => void) | undefined;
  /**
   * Hears what the peer notifies on this call's own stream, instead of the client's `onNotification`. On stdio and
   * the old SSE transport, which have one stream for all, it hears what comes while no other call runs.
   */
  readonly onNotification?: ((notification: McpNotification) => void) | undefined;
  /** Answer what the peer asks for this call, before the client's handlers; correlated as `onNotification` is. */
  readonly handlers?: McpRequestHandlers | undefined;
  /** Declared to a modern peer for this call, in place of what the handlers amount to. */
  readonly capabilities?: JsonObject | undefined;
  /** Added to the request's `_meta`, such as `traceparent`. */
  readonly meta?: JsonObject | undefined;
  /** `answer` (default) asks the handlers and sends the request again; `return` hands out `input_required` results. */
  readonly inputRequired?: "answer" | "return" | undefined;
}

/** Options of a client over any transport. */
export interface McpCommonOptions {
  /** Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether calls of tools, prompts and resources, and requests of any other method, have no time-out but one of their own
   * (default `false`): for who ends each of them by its signal.
   */
  readonly unlimitedCalls?: boolean | undefined;
  /**
   * How long a connection may take to open, the start of a program and its handshake included (default `timeoutMs`). When
   * given, the time of calls that wait for it begins once it is open.
   */
  readonly startTimeoutMs?: number | undefined;
  /** How long a peer may keep silent when asked for its era before a handshake is tried as well (default 5,000). */
  readonly probeTimeoutMs?: number | undefined;
  /** The most bytes of one message (default 16 MiB). */
  readonly maxBytes?: number | undefined;
  /** Default `auto`: asks the peer once, before the first call. */
  readonly era?: McpEra | "auto" | undefined;
  /** How this client names itself (default `parley`). */
  readonly name?: string | undefined;
  /** Default `0.0.0`. */
  readonly version?: string | undefined;
  /** Answer what a peer may ask of a client; each one given is declared as a capability. */
  readonly handlers?: McpRequestHandlers | undefined;
  /** Capabilities declared beside those of the handlers, such as `extensions`. */
  readonly capabilities?: JsonObject | undefined;
  /** Hears what a peer notifies outside of a call; where the transport needs a standing stream, it is opened. */
  readonly onNotification?: ((notification: McpNotification) => void) | undefined;
  /** Hears that a connection ended that was not closed from here; the next call opens another. */
  readonly onDisconnect?: ((reason: Error) => void) | undefined;
  /** Hears, in one sentence, of something odd that was passed over, such as a tool that may not be listed. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Options of {@link createMcpClient}. */
export interface McpClientOptions extends McpCommonOptions {
  /** The peer's MCP endpoint; host `0.0.0.0` or `[::]` means this machine. */
  readonly url: string;
  /** `http` (default) falls back to the deprecated `sse` of 2024 where a peer knows nothing else. */
  readonly transport?: "http" | "sse" | undefined;
  /** Bearer token; a function is asked before each request. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Gets tokens and answers refusals, instead of `token`: see `@parley/mcp-client/oauth`. */
  readonly auth?: McpAuth | undefined;
  /** Sent with every request; the protocol's own headers win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM certificates trusted beside the well-known ones; unused with `dispatcher`. */
  readonly ca?: string | undefined;
  /** Decides about each address before it is connected to; unused with `dispatcher`. */
  readonly checkAddress?: AddressCheck | undefined;
  /** A connection pool shared with others; `close()` leaves it open. */
  readonly dispatcher?: Dispatcher | undefined;
}
