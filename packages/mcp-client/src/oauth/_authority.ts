import type { StoredOAuthClientInformation } from "@modelcontextprotocol/client";
import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import type { McpAuth, McpChallenge } from "../auth.ts";
import { createDispatcher } from "../dispatcher.ts";
import { oauthFailure } from "./_failure.ts";
import { createGuardedFetch } from "./_guarded-fetch.ts";
import type { GuardedFetch } from "./_guarded-fetch.ts";
import type { Keeper } from "./_keeper.ts";

/** One run of an authorization. */
export interface Attempt {
  readonly server: URL;
  readonly fetch: GuardedFetch;
  readonly signal: AbortSignal;
  readonly scope: string | undefined;
  readonly resourceMetadataUrl: URL | undefined;
}

type ClientFor = (issuer: string) => Promise<StoredOAuthClientInformation | undefined>;

interface AuthorityOptions {
  readonly server: URL;
  readonly keeper: Keeper;
  readonly dispatcher: Dispatcher | undefined;
  /** Gets new tokens and keeps them. */
  readonly authorize: (attempt: Attempt) => Promise<void>;
  /** The client that may renew tokens at an issuer; absent where there are no refresh tokens. */
  readonly clientFor?: ClientFor | undefined;
}

/** How long before its end a token is renewed. */
const marginMs = 30_000;

async function loadSdk() {
  return await import("@modelcontextprotocol/client");
}

/** Renews the tokens in use; false when the authorization server wants a new authorization. */
async function refresh(
  attempt: Attempt,
  { keeper, clientFor }: Pick<AuthorityOptions, "keeper" | "clientFor">,
): Promise<boolean> {
  const { discoverOAuthServerInfo, refreshAuthorization, OAuthError } = await loadSdk();
  const old = await keeper.tokens();
  if (!clientFor || old?.refresh_token === undefined || old.issuer === undefined) return false;
  const { server, fetch: fetchFn, resourceMetadataUrl } = attempt;
  const found = await discoverOAuthServerInfo(server, {
    fetchFn,
    ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
  });
  const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = found;
  const issuer = metadata?.issuer ?? authorizationServerUrl;
  const client = await clientFor(issuer);
  // A refresh token is only for the server that gave it.
  if (issuer !== old.issuer || !client) return false;
  try {
    const tokens = await refreshAuthorization(authorizationServerUrl, {
      ...(metadata ? { metadata } : {}),
      clientInformation: client,
      refreshToken: old.refresh_token,
      ...(resourceMetadata ? { resource: resourceMetadata.resource } : {}),
      fetchFn,
    });
    await keeper.saveTokens({ ...tokens, scope: tokens.scope ?? old.scope, issuer }, issuer);
    return true;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    await keeper.forget("tokens");
    return false;
  }
}

/** Answers refusals with one authorization at a time, however many requests were refused. */
export function createAuthority(options: AuthorityOptions): McpAuth {
  const { server, keeper } = options;
  const dispatcher = options.dispatcher ?? createDispatcher();
  let scopes: string | undefined;
  let running: Promise<void> | undefined;

  const attemptFor = (signal: AbortSignal, more: Partial<Attempt> = {}): Attempt => ({
    server,
    fetch: createGuardedFetch({ server, dispatcher, signal }),
    signal,
    scope: undefined,
    resourceMetadataUrl: undefined,
    ...more,
  });

  const alone = (work: () => Promise<void>): Promise<void> => {
    running ??= work()
      .catch((error: unknown) => {
        throw oauthFailure(server, error);
      })
      .finally(() => (running = undefined));
    return running;
  };

  const cure = async ({ status, wwwAuthenticate = "", signal }: McpChallenge): Promise<void> => {
    const { extractWWWAuthenticateParams, computeScopeUnion } = await loadSdk();
    const header = new Headers({ "www-authenticate": wwwAuthenticate });
    const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(
      new Response(null, { status, headers: header }),
    );
    const old = await keeper.tokens();
    const stepUp = status === 403;
    scopes = stepUp ? computeScopeUnion(scopes, old?.scope, scope) : (scope ?? scopes);
    const attempt = attemptFor(signal, { scope: scopes, resourceMetadataUrl });
    // A refresh cannot widen a grant (RFC 6749, section 6).
    if (!stepUp && (await refresh(attempt, options))) return;
    await options.authorize(attempt);
  };

  return {
    async token(signal) {
      if (running) await running.catch(() => {});
      const current = await keeper.tokens();
      if (current?.refresh_token !== undefined && (await keeper.isEnding(marginMs))) {
        // The server says when a token that could not be renewed is of no use any more.
        await alone(async () => void (await refresh(attemptFor(signal), options))).catch(() => {});
      }
      return (await keeper.tokens())?.access_token;
    },
    async challenge(challenge) {
      const current = (await keeper.tokens())?.access_token;
      const renewed = current !== undefined && current !== challenge.token;
      if (renewed && challenge.status === 401) return true;
      if (challenge.status === 403 && challenge.attempt > 1) {
        throw new ParleyError(
          "E_AUTH_FORBIDDEN",
          `${server.host} wants more scopes than it was given, again and again.`,
        );
      }
      if (challenge.status === 401 && challenge.attempt > 1) return false;
      await alone(() => cure(challenge));
      return true;
    },
  };
}
