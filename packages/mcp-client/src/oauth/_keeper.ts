import type { StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";
import type { OAuthRecord, OAuthStore } from "./store.ts";

/** One server's part of a store. */
export interface Keeper {
  /** The tokens in use, or those of one issuer. */
  tokens(issuer?: string): Promise<StoredOAuthTokens | undefined>;
  saveTokens(tokens: StoredOAuthTokens, issuer: string): Promise<void>;
  client(issuer: string): Promise<StoredOAuthClientInformation | undefined>;
  saveClient(client: StoredOAuthClientInformation, issuer: string): Promise<void>;
  /** Forgets what an authorization server no longer takes. */
  forget(what: "client" | "tokens" | "all"): Promise<void>;
  /** Whether the tokens in use end within the margin. */
  isEnding(marginMs: number): Promise<boolean>;
}

const nothing: OAuthRecord = { clients: {}, tokens: {} };

/** Reads from the store each time, so that processes that share one see each other's tokens. */
export function createKeeper(store: OAuthStore, key: string, now: () => number): Keeper {
  const read = async (): Promise<OAuthRecord> => (await store.read(key)) ?? nothing;
  const inUse = async (issuer?: string) => {
    const { issuer: last, tokens } = await read();
    const name = issuer ?? last;
    return name !== undefined && Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  };
  return {
    tokens: async (issuer) => (await inUse(issuer))?.tokens,
    async saveTokens(tokens, issuer) {
      const record = await read();
      const { expires_in: seconds } = tokens;
      const entry = { tokens, ...(seconds === undefined ? {} : { expiresAt: now() + seconds * 1000 }) };
      await store.write(key, { ...record, issuer, tokens: { ...record.tokens, [issuer]: entry } });
    },
    async client(issuer) {
      const { clients } = await read();
      return Object.hasOwn(clients, issuer) ? clients[issuer] : undefined;
    },
    async saveClient(client, issuer) {
      const record = await read();
      await store.write(key, { ...record, clients: { ...record.clients, [issuer]: client } });
    },
    async forget(what) {
      const record = await read();
      const clients = what === "tokens" ? record.clients : {};
      const tokens = what === "client" ? record.tokens : {};
      await store.write(key, { ...record, clients, tokens });
    },
    async isEnding(marginMs) {
      const expiresAt = (await inUse())?.expiresAt;
      return expiresAt !== undefined && expiresAt - marginMs <= now();
    },
  };
}
