import { createDispatcher } from "@parley/mcp-client";
import type { CaSource } from "@parley/mcp-client";
import { fetch } from "undici";
import type { RequestInit as UndiciRequestInit } from "undici";

/** A `fetch` that trusts authorities of its own. */
export interface TrustingFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** @throws `E_CONFIG_INVALID` for an unreadable `ca` */
export function createTrustingFetch(ca: CaSource): TrustingFetch {
  const dispatcher = createDispatcher(ca);
  return {
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : input;
      // Node and undici type fetch by two declarations; the values are the same.
      return await fetch(url, { ...init, dispatcher } as UndiciRequestInit);
    },
    close: () => dispatcher.destroy(),
  };
}
