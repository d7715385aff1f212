import type { StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";

/** What is kept for one MCP server, by the issuer of its authorization server. */
export interface OAuthRecord {
  /** The issuer of the tokens in use. */
  readonly issuer?: string | undefined;
  readonly clients: Readonly<Record<string, StoredOAuthClientInformation>>;
  readonly tokens: Readonly<Record<string, OAuthTokenRecord>>;
}

/** Tokens and when they end. */
export interface OAuthTokenRecord {
  readonly tokens: StoredOAuthTokens;
  /** Milliseconds since 1970; absent when the authorization server did not say. */
  readonly expiresAt?: number | undefined;
}

/** Keeps secrets: whoever reads a store can act as its user. */
export interface OAuthStore {
  /** @param key - the MCP server's url. */
  read(key: string): Promise<OAuthRecord | undefined>;
  write(key: string, record: OAuthRecord): Promise<void>;
}

/** Keeps tokens as long as the process lives. */
export function createMemoryStore(): OAuthStore {
  const records = new Map<string, OAuthRecord>();
  return {
    read: (key) => Promise.resolve(records.get(key)),
    write(key, record) {
      records.set(key, record);
      return Promise.resolve();
    },
  };
}
