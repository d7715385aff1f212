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

/** What only the authorization of a person does. */
function never(): never {
  throw new TypeError("A program has no browser.");
}

async function createProvider(
  options: ClientCredentialsOptions,
  keeper: Keeper,
): Promise<OAuthClientProvider> {
  const { createPrivateKeyJwtAuth } = await import("@modelcontextprotocol/client");
  const { clientId, credential, issuer, scope } = options;
  const secret = "secret" in credential ? { client_secret: credential.secret } : {};
  return {
    redirectUrl: undefined,
    clientMetadata: {
      redirect_uris: [],
      grant_types: ["client_credentials"],
      ...(scope === undefined ? {} : { scope }),
    },
    // With an issuer the SDK gives the credential to no other authorization server.
    clientInformation: () => ({
      client_id: clientId,
      ...secret,
      ...(issuer === undefined ? {} : { issuer }),
    }),
    tokens: (context) => keeper.tokens(context?.issuer),
    saveTokens: (tokens, context) => keeper.saveTokens(tokens, context?.issuer ?? tokens.issuer ?? ""),
    redirectToAuthorization: never,
    saveCodeVerifier: never,
    codeVerifier: never,
    prepareTokenRequest: (wanted) =>
      new URLSearchParams({ grant_type: "client_credentials", ...(wanted ? { scope: wanted } : {}) }),
    ...("secret" in credential
      ? {}
      : {
          addClientAuthentication: createPrivateKeyJwtAuth({
            issuer: clientId,
            subject: clientId,
            privateKey: credential.privateKey,
            alg: credential.algorithm,
          }),
        }),
  };
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
