import type { IncomingHttpHeaders } from "node:http";
import { bearerToken } from "@parley/server";
import type { Authenticator, Caller, ProtectedResource } from "@parley/server";
import { oauthResource } from "@parley/server/oauth";
import { allScopes } from "@parley/tool-registry";
import type { CallerOAuth } from "../config/safety-config.ts";
import { unionOf, viewOf } from "./view.ts";
import type { View } from "./view.ts";

/** Access tokens of callers, and what they open. */
export interface CallerTokens {
  readonly authenticator: Authenticator;
  /** Published for clients that look for a token (RFC 9728). */
  readonly protectedResource: ProtectedResource;
  /** What the sender of these headers sees, once they were looked at; `undefined` without a token. */
  viewOf(headers: IncomingHttpHeaders): View | undefined;
  prepare(headers: IncomingHttpHeaders): Promise<void>;
  /** What a caller sees who was let in by a token; `undefined` for others. */
  viewOfCaller(caller: Pick<Caller, "name" | "scopes">): View | undefined;
}

const nothing = unionOf([]);
/** Stands before a scope's name in the scopes of a caller, so that it is none of those of tools. */
const mark = "gateway scope ";

/**
 * Takes tokens of one authorization server; their scopes say which servers and tools they open. A token with none of
 * the scopes opens nothing.
 * @throws `E_CONFIG_INVALID` for addresses that are neither https nor on this machine
 */
export function createCallerTokens({
  issuer,
  audience,
  jwksUrl,
  scopesClaim,
  scopes,
}: CallerOAuth): CallerTokens {
  const names = Object.keys(scopes);
  const views = new Map(Object.entries(scopes).map(([name, grant]) => [name, viewOf(grant)]));
  const { authenticator, protectedResource } = oauthResource({
    issuer,
    audience,
    jwksUrl,
    scopesClaim,
    scopes: names,
  });
  const seen = new WeakMap<IncomingHttpHeaders, View>();
  const viewOfScopes = (granted: Iterable<string>): View =>
    unionOf([...granted].flatMap((name) => views.get(name) ?? []));
  return {
    async authenticator(credentials) {
      const caller = await authenticator(credentials);
      if (caller === undefined) return undefined;
      // Tools of servers ask for scopes of ours; which of them are reached, the view says.
      return {
        ...caller,
        scopes: new Set([...allScopes, ...[...caller.scopes].map((name) => `${mark}${name}`)]),
      };
    },
    protectedResource: { ...protectedResource, challengeScope: names[0] },
    viewOf: (headers) =>
      seen.get(headers) ?? (bearerToken(headers.authorization) === undefined ? undefined : nothing),
    async prepare(headers) {
      const token = bearerToken(headers.authorization);
      if (token === undefined) return;
      try {
        const caller = await authenticator({ headers, token });
        if (caller !== undefined) seen.set(headers, viewOfScopes(caller.scopes));
      } catch {
        // Whoever asks for the token says what is wrong with it.
      }
    },
    viewOfCaller({ name, scopes: granted }) {
      if (!name.startsWith("oauth:")) return undefined;
      const own = [...granted].filter((scope) => scope.startsWith(mark));
      return viewOfScopes(own.map((scope) => scope.slice(mark.length)));
    },
  };
}
