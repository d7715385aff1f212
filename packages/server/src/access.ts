import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import { ParleyError } from "@parley/core";
import { hasScope } from "@parley/tool-registry";
import { type Authenticator, bearerToken, type Caller } from "./auth.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is calling; without scopes on a route that is open to all. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Open to all: no credential is asked. */
    public?: boolean | undefined;
  }
}

const nobody: Caller = { name: "anonymous", scopes: new Set() };

/** Asks every request but those of routes marked `config: { public: true }` who it comes from. */
export function installAccess(app: FastifyInstance, authenticate: Authenticator): void {
  app.decorateRequest("caller");
  app.addHook("onRequest", async (request) => {
    request.caller = nobody;
    if (request.routeOptions.config.public === true) return;
    const token = bearerToken(request.headers.authorization);
    const caller = await authenticate({
      headers: request.headers,
      ...(token === undefined ? {} : { token }),
    });
    if (caller === undefined) {
      const what = token === undefined ? "No bearer token was sent" : "The bearer token is not known";
      throw new ParleyError("E_AUTH_REQUIRED", `${what}; send Authorization: Bearer TOKEN.`);
    }
    request.caller = caller;
  });
}

/** A `preHandler` that lets only callers with a scope through. */
export function requireScope(scope: string): preHandlerAsyncHookHandler {
  return async (request) => {
    checkScope(request, scope);
  };
}

/** @throws `E_AUTH_FORBIDDEN` */
export function checkScope(request: FastifyRequest, scope: string): void {
  if (hasScope(request.caller.scopes, scope)) return;
  const { name } = request.caller;
  throw new ParleyError("E_AUTH_FORBIDDEN", `The credential "${name}" lacks the scope "${scope}".`, {
    details: { scope },
  });
}

/** Sets the challenge header that belongs to a 401 or to a 403 for want of a scope. */
export function challenge(reply: FastifyReply, error: ParleyError): void {
  if (error.code === "E_AUTH_REQUIRED") reply.header("www-authenticate", "Bearer");
  const scope = error.details["scope"];
  if (error.code === "E_AUTH_FORBIDDEN" && typeof scope === "string") {
    reply.header("www-authenticate", `Bearer error="insufficient_scope", scope="${scope}"`);
  }
}
