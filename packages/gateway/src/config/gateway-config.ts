/** A program that the gateway starts and speaks to over its standard streams. */
export interface StdioConnection {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Whether it gets the gateway's whole environment, as mcpo gives it, or only PATH, HOME and the like. */
  readonly inheritEnv: boolean;
}

/** A server that runs elsewhere. */
export interface HttpConnection {
  /** `http` finds out about servers that know only the SSE transport of 2024. */
  readonly kind: "http" | "sse";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly oauth?: OAuthSettings | undefined;
}

/** How the gateway gets a token for a server, by a person's consent. */
export interface OAuthSettings {
  /** The server the token is for; the entry's url unless given. */
  readonly serverUrl?: string | undefined;
  readonly storage: "file" | "memory";
  readonly callbackPort: number;
  readonly clientName?: string | undefined;
  readonly scope?: string | undefined;
}

/** Which headers of a caller reach a server. Names are in lower case; a final `*` stands for any end. */
export interface HeaderForwarding {
  /** Empty means every one. */
  readonly whitelist: readonly string[];
  /** Outranks `whitelist`. */
  readonly blacklist: readonly string[];
  /** A caller's header, and what it is called on its way to the server. */
  readonly rename: Readonly<Record<string, string>>;
}

/** What is changed about one tool, by the name its server gives it. */
export interface ToolChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** Which tools of a server are served, and as what. */
export interface ToolPolicy {
  /** Globs of the server's own names; empty takes every one. */
  readonly allow: readonly string[];
  /** Outranks `allow`. */
  readonly deny: readonly string[];
  readonly changes: Readonly<Record<string, ToolChange>>;
}

/** One server behind the gateway. */
export interface GatewayServer {
  /** Stands in its addresses and before its tools' names. */
  readonly name: string;
  readonly enabled: boolean;
  /** Whether `/readyz` says no while it is not ready. */
  readonly required?: boolean | undefined;
  readonly connection: StdioConnection | HttpConnection;
  /** How long a call may take without progress; default that of the gateway. */
  readonly timeoutMs?: number | undefined;
  readonly tools: ToolPolicy;
  readonly forwarding?: HeaderForwarding | undefined;
}

/** A credential of callers. */
export interface GatewayKey {
  /** For logs and audit. */
  readonly name: string;
  readonly key: string;
  /** Globs of server names; empty means every one. */
  readonly servers: readonly string[];
  /** Globs of `server.tool`; empty means every one of its servers. */
  readonly tools: readonly string[];
  /** Names of groups it is limited to; empty or absent means none. */
  readonly groups?: readonly string[] | undefined;
  /**
   * By server: headers that take the place of its entry's in calls of this key, over connections of their own. Names
   * are in lower case; an empty text leaves a header out.
   */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** Servers and tools that are served together under a name of their own. */
export interface GatewayGroup {
  /** Stands in its addresses as a server's name does. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Globs of names of servers that belong to it whole. */
  readonly servers: readonly string[];
  /** Globs of `server.tool` that belong to it besides. */
  readonly tools: readonly string[];
}

/** What a configuration file says: who is behind the gateway, and who may call. */
export interface GatewayServers {
  readonly servers: readonly GatewayServer[];
  readonly keys: readonly GatewayKey[];
  readonly groups?: readonly GatewayGroup[] | undefined;
}
