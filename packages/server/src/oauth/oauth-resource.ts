import { createHash } from "node:crypto";
import { type Clock, ParleyError, systemClock } from "@parley/core";
import { allScopes } from "@parley/tool-registry";
import { errors, jwtVerify, type JWTVerifyResult } from "jose";
import { LRUCache } from "lru-cache";
import type { Authenticator, Caller } from "../auth.ts";
import { createIssuerKeys, isTrustworthy } from "./issuer-keys.ts";
import type { ProtectedResource } from "./protected-resource.ts";
import { readJson, type ReadJson } from "./read-json.ts";
import { type ScopeClaims, scopesOf } from "./token-claims.ts";

/** How {@link oauthResource} is called. */
export interface OAuthResourceOptions {
  /** The authorization server, exactly as it stands in the tokens' `iss`. */
  readonly issuer: string;
  /** What a token must be meant for: one of these must be in its `aud`. */
  readonly audience: string | readonly string[];
  /** Where the issuer's keys are; default: discovered from its metadata (RFC 8414, OpenID Connect Discovery). */
  readonly jwksUrl?: string | undefined;
  /** Dotted place of the claim with the scopes; default `scope`, then `scp`. */
  readonly scopesClaim?: string | undefined;
  /** What the issuer puts before our scope names; default nothing. */
  readonly scopePrefix?: string | undefined;
  /** Scope names that mean something here; default those of tools. */
  readonly scopes?: readonly string[] | undefined;
  /** How far the issuer's clock may be off; default 30 s. */
  readonly clockToleranceSeconds?: number | undefined;
  /** Time the issuer may take to answer; default 5 s. */
  readonly timeoutMs?: number | undefined;
  /** How long after a fetch an unknown key id leads to no other; default 30 s. */
  readonly keysCooldownMs?: number | undefined;
  /** Default: the built-in fetch. */
  readonly readJson?: ReadJson | undefined;
  readonly clock?: Clock | undefined;
}

/** A server as a resource that tokens of one issuer open. */
export interface OAuthResource {
  /** Knows callers by their access tokens, as `oauth:SUBJECT`. */
  readonly authenticator: Authenticator;
  /** What `createServer` publishes of it (RFC 9728). */
  readonly protectedResource: ProtectedResource;
  /** Fetches the issuer's keys ahead of the first caller. Rejects with `E_AUTH_UNAVAILABLE`; they are fetched again when needed. */
  readonly warm: () => Promise<void>;
}

/** Signatures only: with `none` or a shared key, anyone who knows the public keys could write tokens. */
const algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
const maxTokenLength = 16_384;
const maxVerified = 10_000;
/** A key the issuer withdrew opens nothing after this, whatever the token says. */
const maxCacheMs = 600_000;

/**
 * Takes JWT access tokens of one issuer (RFC 9068, RFC 8725). A token verified before is known by its hash.
 * @throws `E_CONFIG_INVALID` for an issuer or key address that is neither https nor on this machine
 */
export function oauthResource(options: OAuthResourceOptions): OAuthResource {
  const { issuer, jwksUrl, clock = systemClock, timeoutMs = 5000, keysCooldownMs = 30_000 } = options;
  for (const url of [issuer, ...(jwksUrl === undefined ? [] : [jwksUrl])]) requireTrustworthy(url);
  const known: ReadonlySet<string> = options.scopes === undefined ? allScopes : new Set(options.scopes);
  const { scopePrefix: prefix = "", scopesClaim: claim, clockToleranceSeconds = 30 } = options;
  const audience = typeof options.audience === "string" ? [options.audience] : [...options.audience];
  const read = options.readJson ?? readJson;
  const keys = createIssuerKeys({
    issuer,
    jwksUrl,
    readJson: read,
    clock,
    timeoutMs,
    cooldownMs: keysCooldownMs,
  });
  const verified = new LRUCache<string, Verified>({ max: maxVerified });

  const verify = async (token: string): Promise<Verified> => {
    const now = clock.now();
    const { payload, protectedHeader } = await jwtVerify(token, keys.get, {
      algorithms,
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ["sub", "exp"],
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    return readVerified({ payload, protectedHeader }, { claim, prefix, known }, now);
  };

  return {
    async authenticator({ token }) {
      if (token === undefined || !isJwtShaped(token)) return undefined;
      const key = createHash("sha256").update(token).digest("base64");
      const known = verified.get(key);
      if (known !== undefined && known.until > clock.now()) return known.caller;
      const fresh = await verify(token);
      verified.set(key, fresh);
      return fresh.caller;
    },
    warm: keys.fetch,
    protectedResource: {
      authorizationServers: [issuer],
      scopes: [...known].map((scope) => `${prefix}${scope}`),
      scopePrefix: prefix,
      resource: audience.find((name) => /^https?:\/\//.test(name)),
    },
  };
}

interface Verified {
  readonly caller: Caller;
  /** Epoch milliseconds. */
  readonly until: number;
}

function readVerified(
  { payload, protectedHeader }: Pick<JWTVerifyResult, "payload" | "protectedHeader">,
  scopeClaims: ScopeClaims,
  now: number,
): Verified {
  const { sub = "", exp = 0 } = payload;
  if (!/^(?:(?:application\/)?at\+jwt|jwt)$/i.test(protectedHeader.typ ?? "JWT")) {
    throw wrong("it is not an access token (typ)");
  }
  // A stolen token that is bound to a key must not work without proof of that key (RFC 9449, RFC 8705).
  if (payload["cnf"] !== undefined)
    throw wrong("it is bound to a key, and proof of that key is not taken here");
  if (!isSubject(sub)) throw wrong("its subject is missing, too long or not printable");
  const caller: Caller = { name: `oauth:${sub}`, scopes: scopesOf(payload, scopeClaims) };
  return { caller, until: Math.min(exp * 1000, now + maxCacheMs) };
}

const claimFaults: Readonly<Record<string, string>> = {
  aud: "it is meant for another server (aud)",
  iss: "it comes from another issuer (iss)",
  nbf: "it is not valid yet (nbf)",
};

function refusal(error: unknown): ParleyError {
  if (ParleyError.isInstance(error)) return error;
  if (error instanceof errors.JWTExpired) return wrong("it has expired", error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return wrong(claimFaults[error.claim] ?? `its claim "${error.claim}" does not hold`, error);
  }
  if (error instanceof errors.JWKSNoMatchingKey) return wrong("the issuer has no such key", error);
  return wrong("its signature or form is not accepted", error);
}

function wrong(why: string, cause?: unknown): ParleyError {
  return new ParleyError("E_AUTH_REQUIRED", `The access token is refused: ${why}.`, { cause });
}

/** As OpenID Connect bounds it; what is not printable could spoof a log. */
function isSubject(sub: string): boolean {
  return /^[^\p{C}]{1,255}$/u.test(sub);
}

/** Three parts of base64url that begin as JSON does. */
function isJwtShaped(token: string): boolean {
  return token.length <= maxTokenLength && /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

function requireTrustworthy(url: string): void {
  if (isTrustworthy(url)) return;
  const shown = JSON.stringify(url.slice(0, 200));
  throw new ParleyError("E_CONFIG_INVALID", `OAuth address ${shown} must be https, or http on this machine.`);
}
