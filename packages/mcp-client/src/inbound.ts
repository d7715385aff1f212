import type { JsonObject } from "./json.ts";

/** What a peer tells without being asked. */
export interface McpNotification {
  readonly method: string;
  readonly params: JsonObject;
  /** Whether it went to a call merely because that is the only one there is. */
  readonly isGuess?: boolean | undefined;
}

/** The circumstances of a request a peer makes of this client. */
export interface McpRequestContext {
  /** Aborted when the peer takes the request back, the call that led to it ends, or the client closes. */
  readonly signal: AbortSignal;
  /** The method of the call that led to the request, where the transport tells. */
  readonly during: string | undefined;
  /** Whether the transport does not tell, and the call is the only one that runs. */
  readonly isGuess?: boolean | undefined;
}

/** Gives the result of one request of a peer. */
export type McpRequestHandler = (
  params: JsonObject,
  context: McpRequestContext,
) => JsonObject | Promise<JsonObject>;

/** What a peer may ask of a client, in either era. */
export interface McpRequestHandlers {
  /** An accepted form gets the defaults of its schema where the handler left a field out. */
  readonly "elicitation/create"?: McpRequestHandler | undefined;
  readonly "sampling/createMessage"?: McpRequestHandler | undefined;
  readonly "roots/list"?: McpRequestHandler | undefined;
}
