import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ParleyError } from "@parley/core";
import { allScopes } from "@parley/tool-registry";

/** Who is calling. */
export interface Caller {
  /** Name of the credential, for logs and audit; never the secret. */
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
  /** Network address the request came from; absent over stdio. The server fills it in. */
  readonly address?: string | undefined;
  /** Headers of the request that tools are to see, where the authenticator gives them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a request shows of its sender. */
export interface Credentials {
  /** The bearer token; a bare `Authorization: x` counts too, as old clients send it. */
  readonly token?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Tells who a request comes from; `undefined` when it does not know.
 * It may throw `E_AUTH_REQUIRED` where it can say why not, and `E_AUTH_UNAVAILABLE` where it cannot tell now.
 */
export type Authenticator = (credentials: Credentials) => Caller | undefined | Promise<Caller | undefined>;

/**
 * Knows one token, compared in constant time.
 * @param known - default name `token`, all scopes.
 * @throws `E_CONFIG_INVALID` for an empty token
 */
export function staticToken(token: string, known: Partial<Caller> = {}): Authenticator {
  if (token.trim() === "") {
    throw new ParleyError("E_CONFIG_INVALID", "The token is empty; pass one of at least one character.");
  }
  const expected = sha256(token);
  const caller: Caller = { name: known.name ?? "token", scopes: known.scopes ?? allScopes };
  return (credentials) => {
    if (credentials.token === undefined) return undefined;
    return timingSafeEqual(sha256(credentials.token), expected) ? caller : undefined;
  };
}

/** Lets everybody in, with all scopes unless fewer are given. */
export function anonymous(scopes: ReadonlySet<string> = allScopes): Authenticator {
  const caller: Caller = { name: "anonymous", scopes };
  return () => caller;
}

/** The first of several authenticators that knows the sender; when none does, what one of them said against it. */
export function firstOf(...authenticators: readonly Authenticator[]): Authenticator {
  return async (credentials) => {
    let objection: ParleyError | undefined;
    for (const authenticate of authenticators) {
      try {
        const caller = await authenticate(credentials);
        if (caller !== undefined) return caller;
      } catch (error) {
        if (!isObjection(error)) throw error;
        objection ??= error;
      }
    }
    if (objection !== undefined) throw objection;
    return undefined;
  };
}

function isObjection(error: unknown): error is ParleyError {
  return (
    ParleyError.isInstance(error) && (error.code === "E_AUTH_REQUIRED" || error.code === "E_AUTH_UNAVAILABLE")
  );
}

/** Reads the token of an `Authorization` header: `Bearer x`, `Bearer: x` or bare `x`. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  // As nearly all clients write it.
  if (authorization.startsWith("Bearer ") && isVisible(authorization, 7) && isVisible(authorization, -1)) {
    return authorization.slice(7);
  }
  const value = authorization.trim();
  const bearer = /^bearer:? +(\S.*)$/i.exec(value);
  if (bearer !== null) return bearer[1];
  return value === "" || /\s/.test(value) ? undefined : value;
}

function isVisible(text: string, at: number): boolean {
  const code = text.charCodeAt(at < 0 ? text.length + at : at);
  return code > 32 && code < 127;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
