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
  // With callbacks: most authenticators answer at once, and then a request waits for no promise.
  app.addHook("onRequest", (request, _reply, done) => {
    const { public: isPublic = false, unlimited = false } = request.routeOptions.config;
    const { ip } = request;
    request.caller = { ...nobody, address: ip };
    if (unlimited && isPublic) return done();
    const sent = sentCredential(request);
    if (sent !== undefined) admission.admit(addressKey(ip), sent);
    const enter = (caller: Caller): void => {
      request.caller = caller;
      if (sent !== undefined && !isPublic) admission.accepted(sent);
      admission.count(limitKey(request));
    };
    const known = isPublic ? request.caller : identify(request, authenticate);
    if (known instanceof Promise) {
      void goOn(known.then(enter), done);
      return;
    }
    enter(known);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const isPublic = request.routeOptions.config.public === true;
    const hasFailed = isFailedLogIn(request.fault);
    if (!hasFailed && (!isPublic || reply.statusCode >= 400)) return done();
    const sent = sentCredential(request);
    if (sent === undefined) return done();
    if (hasFailed) admission.failed(addressKey(request.ip));
    else admission.accepted(sent);
    done();
  });
}

/** Lets a request go on once it may. */
async function goOn(entered: Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await entered;
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done();
}

function identify(request: FastifyRequest, authenticate: Authenticator): Caller | Promise<Caller> {
  const { headers, ip } = request;
  const token = bearerToken(headers.authorization);
  const check = (caller: Caller | undefined): Caller => {
    if (caller !== undefined) return { ...caller, address: ip };
    const what = token === undefined ? "No bearer token was sent" : "The bearer token is not known";
    throw new ParleyError("E_AUTH_REQUIRED", `${what}; send Authorization: Bearer TOKEN.`);
  };
  const known = authenticate(token === undefined ? { headers } : { headers, token });
  return known instanceof Promise ? known.then(check) : check(known);
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
