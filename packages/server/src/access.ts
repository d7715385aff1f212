import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import { ParleyError } from "@parley/core";
import { hasScope } from "@parley/tool-registry";
import { type Authenticator, bearerToken, type Caller } from "./auth.ts";
import { addressKey } from "./limits/address-key.ts";
import type { Admission } from "./limits/admission.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is calling; without scopes on a route that is open to all. */
    caller: Caller;
    /** What was said against the request. */
    fault: ParleyError | undefined;
  }
  interface FastifyContextConfig {
    /** Open to all: no credential is asked. */
    public?: boolean | undefined;
    /** Header with a secret that a public route checks itself; wrong ones (`E_REGISTER_FORBIDDEN`) count as failed log-ins. */
    secretHeader?: string | undefined;
    /** Speaks MCP: each call inside is told to observers by itself. */
    mcp?: boolean | undefined;
    /** Not counted by any limit: what monitors and clients without a credential need at any time. */
    unlimited?: boolean | undefined;
    /** Does what a call of a tool does: its requests are among the calls that may run at once. */
    call?: boolean | undefined;
  }
}

const nobody: Caller = { name: "anonymous", scopes: new Set() };

/** Options of {@link installAccess}. */
export interface AccessOptions {
  readonly authenticate: Authenticator;
  readonly admission: Admission;
}

/**
 * Asks every request but those of routes marked `config: { public: true }` who it comes from, and counts it.
 * Its hooks come after those of plugins registered before it: CORS answers first.
 */
export function installAccess(app: FastifyInstance, options: AccessOptions): void {
  const plugin = async (scope: FastifyInstance): Promise<void> => addHooks(scope, options);
  // What fastify-plugin sets: the hooks are the app's own, not those of a scope inside it.
  void app.register(Object.assign(plugin, { [Symbol.for("skip-override")]: true }));
}

function addHooks(app: FastifyInstance, { authenticate, admission }: AccessOptions): void {
  app.decorateRequest("caller");
  app.decorateRequest("fault");
  app.addHook("onRequest", async (request) => {
    const { public: isPublic = false, unlimited = false } = request.routeOptions.config;
    request.caller = { ...nobody, address: request.ip };
    if (unlimited && isPublic) return;
    const sent = sentCredential(request);
    if (sent !== undefined) admission.admit(addressKey(request.ip), sent);
    if (!isPublic) {
      request.caller = await identify(request, authenticate);
      if (sent !== undefined) admission.accepted(sent);
    }
    admission.count(limitKey(request));
  });
  app.addHook("onResponse", async (request, reply) => {
    const sent = sentCredential(request);
    if (sent === undefined) return;
    if (isFailedLogIn(request.fault)) admission.failed(addressKey(request.ip));
    else if (request.routeOptions.config.public === true && reply.statusCode < 400) admission.accepted(sent);
  });
}

async function identify(request: FastifyRequest, authenticate: Authenticator): Promise<Caller> {
  const token = bearerToken(request.headers.authorization);
  const caller = await authenticate({
    headers: request.headers,
    ...(token === undefined ? {} : { token }),
  });
  if (caller !== undefined) return { ...caller, address: request.ip };
  const what = token === undefined ? "No bearer token was sent" : "The bearer token is not known";
  throw new ParleyError("E_AUTH_REQUIRED", `${what}; send Authorization: Bearer TOKEN.`);
}

/**
 * The credential that the route will check, and no other: one that is known to be right must not cover for a guess
 * in another header. The kind is part of it, so that one checked nowhere cannot pass for the other.
 */
function sentCredential({ headers, routeOptions }: FastifyRequest): string | undefined {
  const { public: isPublic = false, secretHeader } = routeOptions.config;
  const token = isPublic ? undefined : bearerToken(headers.authorization);
  if (token !== undefined) return `bearer ${token}`;
  const secret = isPublic && secretHeader !== undefined ? headers[secretHeader] : undefined;
  return typeof secret === "string" ? `secret ${secret}` : undefined;
}

function isFailedLogIn(fault: ParleyError | undefined): boolean {
  return fault?.code === "E_AUTH_REQUIRED" || fault?.code === "E_REGISTER_FORBIDDEN";
}

/** Callers nobody knows by name are told apart by address. No name begins with a space. */
function limitKey({ caller, ip }: FastifyRequest): string {
  return caller.name === nobody.name ? ` ${addressKey(ip)}` : caller.name;
}

/** Counts calls that came in one request beyond the first. @throws `E_RATE_LIMITED` */
export function countFurther(request: FastifyRequest, admission: Admission): void {
  if (Array.isArray(request.body) && request.body.length > 1) {
    admission.count(limitKey(request), request.body.length - 1);
  }
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
