import { type Clock, ParleyError } from "@parley/core";
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, type RemoteJWKSet } from "jose";
import { z } from "zod";
import type { ReadJson } from "./read-json.ts";

/** Where an issuer's keys come from. */
export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Absent: discovered from the issuer's metadata. */
  readonly jwksUrl?: string | undefined;
  readonly readJson: ReadJson;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** How long an unknown key id does not lead to another request. */
  readonly cooldownMs: number;
}

/** The keys of one issuer, fetched when first needed and again when a token names an unknown one. */
export interface IssuerKeys {
  /** Rejects with `E_AUTH_UNAVAILABLE` when the issuer cannot be asked, with a jose error for an unknown key. */
  readonly get: JWTVerifyGetKey;
  /** Fetches them now. Rejects with `E_AUTH_UNAVAILABLE`. */
  readonly fetch: () => Promise<void>;
}

/** After a failure the issuer is left alone this long, and every request that needs it is refused at once. */
const failureCooldownMs = 5000;
const keysMaxAgeMs = 600_000;

const Metadata = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { issuer, clock, timeoutMs } = options;
  let failedAt: number | undefined;
  let keys: Promise<RemoteJWKSet> | undefined;

  const read = async (url: string, signal: AbortSignal): Promise<unknown> => {
    if (failedAt !== undefined && Math.abs(clock.now() - failedAt) < failureCooldownMs)
      throw unavailable(issuer);
    return await options.readJson(url, signal);
  };
  const failed = (cause: unknown): ParleyError => {
    if (!(ParleyError.isInstance(cause) && cause.details["issuer"] === issuer)) failedAt = clock.now();
    return unavailable(issuer, cause);
  };
  const open = async (): Promise<RemoteJWKSet> => {
    const url =
      options.jwksUrl ?? (await discover(issuer, (place) => read(place, AbortSignal.timeout(timeoutMs))));
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: timeoutMs,
      cooldownDuration: options.cooldownMs,
      cacheMaxAge: keysMaxAgeMs,
      [customFetch]: async (place, { signal }) => Response.json(await read(place, signal)),
    });
  };

  return {
    async fetch() {
      try {
        keys ??= open();
        await (await keys).reload();
      } catch (error) {
        keys = undefined;
        throw failed(error);
      }
    },
    async get(header, token) {
      let set: RemoteJWKSet | undefined;
      try {
        keys ??= open();
        set = await keys;
        return await set(header, token);
      } catch (error) {
        if (isAboutTheToken(error)) throw error;
        // Keys that are still good stay in use; without any, their place is looked up anew.
        if (set?.fresh !== true) keys = undefined;
        throw failed(error);
      }
    },
  };
}

/** Where metadata may stand, in the order MCP clients look too: RFC 8414 section 3.1, then OpenID Connect Discovery. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(places)];
}

async function discover(issuer: string, read: (url: string) => Promise<unknown>): Promise<string> {
  const faults: string[] = [];
  for (const url of metadataUrls(issuer)) {
    try {
      const metadata = Metadata.parse(await read(url));
      // RFC 8414 section 3.3: metadata of another issuer must not be used.
      if (metadata.issuer !== issuer)
        throw new Error(`it is the metadata of ${metadata.issuer.slice(0, 200)}`);
      if (!isTrustworthy(metadata.jwks_uri))
        throw new Error("its jwks_uri is neither https nor on this machine");
      return metadata.jwks_uri;
    } catch (error) {
      if (ParleyError.isInstance(error) && error.details["issuer"] === issuer) throw error;
      faults.push(`${url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(faults.join("; "));
}

/** Keys and metadata come over TLS, or from this machine. */
export function isTrustworthy(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === "https:" || (protocol === "http:" && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
  );
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function unavailable(issuer: string, cause?: unknown): ParleyError {
  const message = `Access tokens cannot be checked now: the keys of ${issuer} cannot be fetched.`;
  return new ParleyError("E_AUTH_UNAVAILABLE", message, { cause, details: { issuer } });
}
