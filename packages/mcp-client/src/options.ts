import type { Dispatcher } from "undici";

/** A JSON object as a peer sent it: untouched and untrusted. */
export type JsonObject = Readonly<Record<string, unknown>>;

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
  /** Ends the call and its HTTP request. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's `timeoutMs` for this call. */
  readonly timeoutMs?: number | undefined;
  /** With `onProgress`: the most a call may take however often the peer reports (default 10 x `timeoutMs`). */
  readonly maxTotalMs?: number | undefined;
  /** Sent as the request's `_meta`; the protocol's own keys win. */
  readonly meta?: JsonObject | undefined;
  /** Hears the peer's progress; each report starts the time-out anew. */
  readonly onProgress?: ((progress: McpProgress) => void) | undefined;
}

/** Options of {@link createMcpClient}. */
export interface McpClientOptions {
  /** The peer's MCP endpoint; host `0.0.0.0` or `[::]` means this machine. */
  readonly url: string;
  /** Bearer token; a function is asked before each request. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Sent with every request; the protocol's own headers win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM certificates trusted beside the well-known ones; unused with `dispatcher`. */
  readonly ca?: string | undefined;
  /** Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** The most bytes of one answer (default 16 MiB). */
  readonly maxBytes?: number | undefined;
  /** Default `auto`: asks the peer once, before the first call. */
  readonly era?: McpEra | "auto" | undefined;
  /** How this client names itself (default `parley`). */
  readonly name?: string | undefined;
  /** Default `0.0.0`. */
  readonly version?: string | undefined;
  /** A connection pool shared with others; `close()` leaves it open. */
  readonly dispatcher?: Dispatcher | undefined;
}

/**
 * A client of one MCP server over HTTP. Definitions and results come back as the peer sent them.
 * @throws {@link ParleyError} `E_MCP_UNREACHABLE`, `E_MCP_TIMEOUT`, `E_MCP_PROTOCOL` (details of a JSON-RPC error:
 * `rpcCode`, `rpcMessage`), `E_AUTH_REQUIRED`, `E_AUTH_FORBIDDEN`, `E_INTERRUPTED`.
 */
export interface McpClient {
  /** What the peer was found to speak; absent before the first call. */
  readonly era: McpEra | undefined;
  /** All pages, at most 100 of them and 10,000 items; none when the peer has no such feature. */
  listTools(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  listPrompts(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  listResources(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  readResource(uri: string, options?: McpCallOptions): Promise<JsonObject>;
  getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
    options?: McpCallOptions,
  ): Promise<JsonObject>;
  /** The tool's result, `isError` included: a tool that failed is a result, not an exception. */
  callTool(name: string, args?: JsonObject, options?: McpCallOptions): Promise<JsonObject>;
  /** Versions, capabilities and identity; for a legacy peer, what its handshake said in the same form. */
  discover(options?: McpCallOptions): Promise<JsonObject>;
  /** Ends running calls, a legacy session and connections of its own. Safe to call twice. */
  close(): Promise<void>;
}
