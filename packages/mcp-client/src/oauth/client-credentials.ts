import type { OAuthClientProvider } from "@modelcontextprotocol/client";
import type { Dispatcher } from "undici";
import type { McpAuth } from "../auth.ts";
import { createAuthority } from "./_authority.ts";
import { createKeeper } from "./_keeper.ts";
import type { Keeper } from "./_keeper.ts";
import { readServer } from "./_server.ts";
import { createMemoryStore } from "./store.ts";
import type { OAuthStore } from "./store.ts";

/** Options of {@link createClientCredentials}. */
export interface ClientCredentialsOptions {
  /** The MCP server's url, as given to the client. */
  readonly url: string;
  readonly clientId: string;
  /** A shared secret, or a private key that signs an assertion (RFC 7523). */
  readonly credential:
    | { readonly secret: string }
    | {
        /** PEM in PKCS #8. */
        readonly privateKey: string;
        /** Such as `ES256` or `RS256`. */
        readonly algorithm: string;
      };
  /** The authorization server the credential is for; without it, whichever the MCP server names. */
  readonly issuer?: string | undefined;
  readonly scope?: string | undefined;
  /** Default: in memory. */
  readonly store?: OAuthStore | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

async function createProvider(
  options: ClientCredentialsOptions,
  keeper: Keeper,
): Promise<OAuthClientProvider> {
  const { ClientCredentialsProvider, PrivateKeyJwtProvider } = await import("@modelcontextprotocol/client");
  const { clientId, credential, issuer: expectedIssuer, scope } = options;
  const common = {
    clientId,
    ...(scope === undefined ? {} : { scope }),
    ...(expectedIssuer === undefined ? {} : { expectedIssuer }),
  };
  const provider: OAuthClientProvider =
    "secret" in credential
      ? new ClientCredentialsProvider({ ...common, clientSecret: credential.secret })
      : new PrivateKeyJwtProvider({ ...common, ...credential });
  provider.saveTokens = (tokens, context) =>
    keeper.saveTokens(tokens, context?.issuer ?? tokens.issuer ?? "");
  return provider;
}

/**
 * Authorization of a program by its own credential (OAuth 2.1 client credentials).
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable url; from the client's calls `E_OAUTH_FAILED`.
 */
export function createClientCredentials(options: ClientCredentialsOptions): McpAuth {
  const server = readServer(options.url);
  const keeper = createKeeper(options.store ?? createMemoryStore(), server.href, options.now ?? Date.now);
  return createAuthority({
    server,
    keeper,
    dispatcher: options.dispatcher,
    async authorize({ fetch: fetchFn, scope, resourceMetadataUrl }) {
      const { auth } = await import("@modelcontextprotocol/client");
      await auth(await createProvider(options, keeper), {
        serverUrl: server,
        fetchFn,
        ...(scope === undefined ? {} : { scope }),
        ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
      });
    },
  });
}
