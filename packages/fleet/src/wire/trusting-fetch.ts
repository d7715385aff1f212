import { createDispatcher } from "@parley/mcp-client";
import type { CaSource, IdentitySource } from "@parley/mcp-client";
import { fetch } from "undici";
import type { RequestInit as UndiciRequestInit } from "undici";

/** A `fetch` that trusts authorities of its own, and can say who it is. */
export interface TrustingFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** @throws `E_CONFIG_INVALID` for an unreadable `ca` or `identity` */
export function createTrustingFetch(ca?: CaSource, identity?: IdentitySource): TrustingFetch {
  const dispatcher = createDispatcher(ca, identity);
  return {
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : input;
      // Node and undici type fetch by two declarations; the values are the same.
      return await fetch(url, { ...init, dispatcher } as UndiciRequestInit);
    },
    close: () => dispatcher.destroy(),
  };
}
