/** What happens to a definition that is not the one that was pinned. */
export type OnChange = "allow" | "warn" | "quarantine";

/** What happens to a text that looks as if it hides instructions. */
export type OnFinding = "off" | "warn" | "quarantine";

/** How one server's definitions and results are watched; what is absent is as for the whole gateway. */
export interface ServerSafety {
  readonly onChange?: OnChange | undefined;
  readonly scan?: OnFinding | undefined;
  readonly scanResults?: OnFinding | undefined;
}

/** How often and how much may be called. */
export interface CallLimit {
  /** Calls that a minute adds. */
  readonly perMinute?: number | undefined;
  /** Calls that may come at once after a pause (default `perMinute`). */
  readonly burst?: number | undefined;
  /** Calls that may run at once. */
  readonly concurrent?: number | undefined;
}

/** Limits of tools, for all callers together or for each by itself. */
export interface ToolLimit extends CallLimit {
  /** Default `all`. */
  readonly per?: "all" | "key" | undefined;
  /** Most bytes of one result, pictures and sounds included. */
  readonly resultBytes?: number | undefined;
}

/** Limits by globs; every one that matches holds. */
export interface LimitRules {
  /** By names of keys; each key counts by itself. */
  readonly keys: Readonly<Record<string, CallLimit>>;
  /** By `server` or `server.tool`; each line of the file counts by itself. */
  readonly tools: Readonly<Record<string, ToolLimit>>;
  /** Most bytes of a request's body; read at the start alone. */
  readonly requestBytes?: number | undefined;
}

/** Where the gateway may connect to: names, globs of names, addresses, networks such as `10.0.0.0/8`, or kinds of address. */
export interface NetworkRules {
  /** Outranks `deny` and what is refused without being named. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** What bearers of a scope may see. */
export interface ScopeGrant {
  /** Globs of server names; empty means every one. */
  readonly servers: readonly string[];
  /** Globs of `server.tool`; empty means every one of its servers. */
  readonly tools: readonly string[];
}

/** An authorization server whose access tokens open the gateway. */
export interface CallerOAuth {
  /** Exactly as it stands in the tokens' `iss`. */
  readonly issuer: string;
  /** One of these must be in a token's `aud`. */
  readonly audience: readonly string[];
  readonly jwksUrl?: string | undefined;
  /** Dotted place of the claim with the scopes; default `scope`, then `scp`. */
  readonly scopesClaim?: string | undefined;
  /** What a scope opens; a token without one of them opens nothing. */
  readonly scopes: Readonly<Record<string, ScopeGrant>>;
}

/** What a file says of the whole gateway's safety. */
export interface SafetyRules {
  readonly limits?: LimitRules | undefined;
  readonly network?: NetworkRules | undefined;
  readonly oauth?: CallerOAuth | undefined;
}
