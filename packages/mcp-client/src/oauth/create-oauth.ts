import { randomBytes } from "node:crypto";
import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
} from "@modelcontextprotocol/client";
import { ParleyError } from "@parley/core";
import type { Dispatcher } from "undici";
import type { McpAuth } from "../auth.ts";
import { createAuthority } from "./_authority.ts";
import type { Attempt } from "./_authority.ts";
import { watchGrants } from "./_granted-elsewhere.ts";
import { createKeeper } from "./_keeper.ts";
import type { Keeper } from "./_keeper.ts";
import { listenForCallback, readCallback } from "./_loopback.ts";
import type { Callback, LoopbackListener } from "./_loopback.ts";
import { readServer } from "./_server.ts";
import { createMemoryStore } from "./store.ts";
import type { OAuthStore } from "./store.ts";

/** Options of {@link createOAuth}. */
export interface OAuthOptions {
  /** The MCP server's url, as given to the client. */
  readonly url: string;
  /**
   * Shows a person, or a browser, where to grant access. May return the url the browser was sent back to, for a
   * browser on another machine; otherwise it is awaited on this machine.
   */
  readonly onAuthorize: (url: URL) => void | Promise<URL | string | void>;
  /** Default: in memory. */
  readonly store?: OAuthStore | undefined;
  /** Default `Parley`. */
  readonly clientName?: string | undefined;
  /** An https url of a client metadata document, preferred to a registration where the server takes one. */
  readonly clientMetadataUrl?: string | undefined;
  /** A client registered beforehand, and the issuer it may be used with. */
  readonly client?:
    | { readonly id: string; readonly secret?: string | undefined; readonly issuer?: string | undefined }
    | undefined;
  /** Asked for when the server names none. */
  readonly scope?: string | undefined;
  /** Where the browser comes back to on 127.0.0.1 (default: a free port). */
  readonly redirectPort?: number | undefined;
  /** How long a person has (default 300,000). */
  readonly authorizeTimeoutMs?: number | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

interface Interaction {
  readonly options: OAuthOptions;
  readonly keeper: Keeper;
  readonly listener: LoopbackListener;
}

/** A client registered beforehand, in the SDK's words. */
function registered({
  id,
  secret,
  issuer,
}: NonNullable<OAuthOptions["client"]>): StoredOAuthClientInformation {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/** One run of the authorization code flow, in the form the SDK drives. */
function createProvider({ options, keeper, listener }: Interaction) {
  const state = randomBytes(32).toString("base64url");
  const { redirectUrl } = listener;
  const { client, clientMetadataUrl } = options;
  let verifier: string | undefined;
  let discovery: OAuthDiscoveryState | undefined;
  let shown: URL | undefined;
  const clientMetadata: OAuthClientMetadata = {
    client_name: options.clientName ?? "Parley",
    redirect_uris: [redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  };

  const known: OAuthClientProvider["clientInformation"] = async (context) => {
    if (client) return registered(client);
    const found = context && (await keeper.client(context.issuer));
    // A registration is for the addresses it named; the port may be another now.
    const uris = found && "redirect_uris" in found ? found.redirect_uris : undefined;
    return Array.isArray(uris) && !uris.includes(redirectUrl) ? undefined : found;
  };
  // Without it the SDK neither registers a client nor uses the given one at another issuer.
  const saveClientInformation: OAuthClientProvider["saveClientInformation"] = (info, context) =>
    keeper.saveClient(info, context?.issuer ?? info.issuer ?? "");
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata,
    ...(clientMetadataUrl === undefined ? {} : { clientMetadataUrl }),
    state: () => state,
    clientInformation: known,
    ...(client ? {} : { saveClientInformation }),
    tokens: (context) => keeper.tokens(context?.issuer),
    saveTokens: (tokens, context) => keeper.saveTokens(tokens, context?.issuer ?? tokens.issuer ?? ""),
    redirectToAuthorization: (url) => void (shown = url),
    saveCodeVerifier: (text) => void (verifier = text),
    codeVerifier: () => verifier ?? "",
    saveDiscoveryState: (found) => void (discovery = found),
    discoveryState: () => discovery,
    invalidateCredentials: async (what) => {
      if (what === "client" || what === "tokens" || what === "all") await keeper.forget(what);
    },
  };
  return { provider, state, shown: () => shown };
}

/** Waits for the browser, here or where the caller saw it. */
async function awaitCallback(
  { options, listener }: Interaction,
  { url, state, signal }: { url: URL; state: string; signal: AbortSignal },
): Promise<Callback> {
  const here = listener.wait(state, signal);
  here.catch(() => {});
  const elsewhere = (async (): Promise<Callback> => {
    const back = await options.onAuthorize(url);
    if (back === undefined) return await here;
    if (!URL.canParse(String(back)))
      throw new ParleyError("E_OAUTH_FAILED", "The url the browser came back with cannot be read.");
    return readCallback(new URL(String(back)).searchParams, state);
  })();
  return await Promise.race([here, elsewhere]);
}

async function authorize(interaction: Omit<Interaction, "listener">, attempt: Attempt): Promise<void> {
  const { auth } = await import("@modelcontextprotocol/client");
  const { options } = interaction;
  const listener = await listenForCallback(options.redirectPort ?? 0);
  const limit = AbortSignal.timeout(options.authorizeTimeoutMs ?? 300_000);
  const done = new AbortController();
  const signal = AbortSignal.any([attempt.signal, limit, done.signal]);
  const elsewhere = await watchGrants(interaction.keeper, attempt.scope);
  try {
    const { provider, state, shown } = createProvider({ ...interaction, listener });
    const request = {
      serverUrl: attempt.server,
      fetchFn: attempt.fetch,
      forceReauthorization: true,
      ...(attempt.scope === undefined ? {} : { scope: attempt.scope }),
      ...(attempt.resourceMetadataUrl ? { resourceMetadataUrl: attempt.resourceMetadataUrl } : {}),
    };
    if ((await auth(provider, request)) === "AUTHORIZED") return;
    const url = shown();
    if (!url) throw new TypeError("no url to show");
    const came = await Promise.race([
      awaitCallback({ ...interaction, listener }, { url, state, signal }),
      elsewhere(signal),
    ]);
    if (came === undefined) return;
    const { code, iss } = came;
    await auth(provider, { ...request, authorizationCode: code, ...(iss === undefined ? {} : { iss }) });
  } catch (error) {
    if (!limit.aborted) throw error;
    throw new ParleyError(
      "E_OAUTH_FAILED",
      `Nobody granted access for ${attempt.server.host} in time: begin again.`,
    );
  } finally {
    done.abort();
    await listener.close();
  }
}

/**
 * Authorization of a person by the code flow of OAuth 2.1: discovery (RFC 9728, RFC 8414, OpenID Connect), PKCE,
 * resource indicators (RFC 8707), the check of the issuer (RFC 9207), client metadata documents or registration,
 * refresh, and further scopes when a server asks for them. Whoever waits for a person also takes what another process
 * is granted that shares the store.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable url; from the client's calls `E_OAUTH_FAILED`.
 */
export function createOAuth(options: OAuthOptions): McpAuth {
  const server = readServer(options.url);
  const keeper = createKeeper(options.store ?? createMemoryStore(), server.href, options.now ?? Date.now);
  return createAuthority({
    server,
    keeper,
    dispatcher: options.dispatcher,
    async clientFor(issuer) {
      const { client } = options;
      if (!client) return await keeper.client(issuer);
      return client.issuer === undefined || client.issuer === issuer ? registered(client) : undefined;
    },
    authorize: (attempt) => authorize({ options, keeper }, attempt),
  });
}
