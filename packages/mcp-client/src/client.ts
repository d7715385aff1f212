import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpEra } from "./options.ts";

/** What `completion/complete` completes. */
export type McpCompletionReference =
  | { readonly type: "ref/prompt"; readonly name: string }
  | { readonly type: "ref/resource"; readonly uri: string };

/** The argument that is being typed. */
export interface McpCompletion {
  readonly ref: McpCompletionReference;
  readonly argument: { readonly name: string; readonly value: string };
  /** The arguments known already. */
  readonly context?: { readonly arguments: Readonly<Record<string, string>> } | undefined;
}

/** How much a peer logs, from the most to the least. */
export type McpLogLevel =
  | "debug"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "critical"
  | "alert"
  | "emergency";

/**
 * A client of one MCP server. Definitions and results come back as the peer sent them. It connects at the first call.
 * @throws {@link ParleyError} `E_MCP_UNREACHABLE`, `E_MCP_TIMEOUT`, `E_MCP_PROTOCOL` (details of a JSON-RPC error:
 * `rpcCode`, `rpcMessage`, `rpcData`), `E_AUTH_REQUIRED`, `E_AUTH_FORBIDDEN`, `E_INTERRUPTED`.
 */
export interface McpClient {
  /** What the peer was found to speak; absent before the first call. */
  readonly era: McpEra | undefined;
  /** Identity, capabilities and instructions as the peer gave them on connecting; absent before that. */
  readonly server: JsonObject | undefined;
  /** All pages, at most 100 of them and 10,000 items; none when the peer has no such feature. */
  listTools(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  listPrompts(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  listResources(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  listResourceTemplates(options?: McpCallOptions): Promise<readonly JsonObject[]>;
  readResource(uri: string, options?: McpCallOptions): Promise<JsonObject>;
  /** Asks for `notifications/resources/updated`, and again after a reconnection. */
  subscribeResource(uri: string, options?: McpCallOptions): Promise<void>;
  unsubscribeResource(uri: string, options?: McpCallOptions): Promise<void>;
  getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
    options?: McpCallOptions,
  ): Promise<JsonObject>;
  /** The tool's result, `isError` included: a tool that failed is a result, not an exception. */
  callTool(name: string, args?: JsonObject, options?: McpCallOptions): Promise<JsonObject>;
  complete(completion: McpCompletion, options?: McpCallOptions): Promise<JsonObject>;
  /** Asks for log messages of this level and above; kept over a reconnection. */
  setLogLevel(level: McpLogLevel, options?: McpCallOptions): Promise<void>;
  /** Versions, capabilities and identity; for a legacy peer, what its handshake said in the same form. */
  discover(options?: McpCallOptions): Promise<JsonObject>;
  /**
   * Whether the peer answers: `ping`, or `server/discover` where there is none.
   * @returns milliseconds.
   */
  ping(options?: McpCallOptions): Promise<number>;
  /** Any other request, such as those of an extension. */
  request(method: string, params?: JsonObject, options?: McpCallOptions): Promise<JsonObject>;
  /** Tells a legacy peer something, such as `notifications/roots/list_changed`; a modern one listens to nothing. */
  notify(method: string, params?: JsonObject): Promise<void>;
  /** Ends running calls, a legacy session, a child process and connections of its own. Safe to call twice. */
  close(): Promise<void>;
}
