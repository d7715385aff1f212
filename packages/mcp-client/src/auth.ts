/** A refusal that a token may cure. */
export interface McpChallenge {
  /** 401, or 403 with `insufficient_scope`. */
  readonly status: number;
  /** The `WWW-Authenticate` header as the peer sent it. */
  readonly wwwAuthenticate: string | undefined;
  /** The token the refused request carried. */
  readonly token: string | undefined;
  /** How often this request was refused before. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Where a client gets its bearer tokens from. */
export interface McpAuth {
  /** Asked before each request. */
  token(signal: AbortSignal): Promise<string | undefined>;
  /**
   * Does what a refusal asks for.
   * @returns whether the request is worth sending again.
   */
  challenge(challenge: McpChallenge): Promise<boolean>;
}
