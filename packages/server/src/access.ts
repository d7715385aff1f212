import type { IncomingHttpHeaders } from "node:http";
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyRequest,
  preHandlerAsyncHookHandler,
} from "fastify";
import { ParleyError } from "@parley/core";
import { hasScope } from "@parley/tool-registry";
import { type Authenticator, bearerToken, type Caller } from "./auth.ts";
import { addressKey } from "./limits/address-key.ts";
import type { Admission, Credential } from "./limits/admission.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is calling; without scopes on a route that is open to all. */
    caller: Caller;
    /** What was said against the request. */
    fault: ParleyError | undefined;
    /** `routeOptions` as the request came to its route; that makes a new object each time it is read. */
    route: FastifyRequest["routeOptions"] | undefined;
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

/** Callers as they came the last time: nearly all come from one address again and again. */
const lately = new WeakMap<Caller, Caller>();

function from(caller: Caller, address: string): Caller {
  // Such a caller is made for one request.
  if (caller.headers !== undefined) return { ...caller, address };
  const before = lately.get(caller);
  if (before?.address === address) return before;
  const now = { ...caller, address };
  lately.set(caller, now);
  return now;
}

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
  app.decorateRequest("route");
  // With callbacks: most authenticators answer at once, and then a request waits for no promise.
  app.addHook("onRequest", (request, _reply, done) => {
    const route = request.routeOptions;
    request.route = route;
    const { public: isPublic = false, unlimited = false } = route.config;
    const { ip } = request;
    request.caller = from(nobody, ip);
    if (unlimited && isPublic) return done();
    const sent = sentCredential(request.headers, route.config);
    if (sent !== undefined) admission.admit(addressKey(ip), sent);
    const enter = (caller: Caller): void => {
      request.caller = caller;
      if (sent !== undefined && !isPublic) admission.accepted(sent);
      if (admission.counts) admission.count(limitKey(request));
    };
    const known = isPublic ? request.caller : identify(request, sent?.value, authenticate);
    if (known instanceof Promise) {
      void goOn(known.then(enter), done);
      return;
    }
    enter(known);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { config } = request.route ?? request.routeOptions;
    const hasFailed = isFailedLogIn(request.fault);
    if (!hasFailed && (config.public !== true || reply.statusCode >= 400)) return done();
    const sent = sentCredential(request.headers, config);
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

function identify(
  { headers, ip }: FastifyRequest,
  token: string | undefined,
  authenticate: Authenticator,
): Caller | Promise<Caller> {
  const check = (caller: Caller | undefined): Caller => {
    if (caller !== undefined) return from(caller, ip);
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
function sentCredential(
  headers: IncomingHttpHeaders,
  { public: isPublic = false, secretHeader }: FastifyContextConfig,
): Credential | undefined {
  const token = isPublic ? undefined : bearerToken(headers.authorization);
  if (token !== undefined) return { kind: "bearer", value: token };
  const secret = isPublic && secretHeader !== undefined ? headers[secretHeader] : undefined;
  return typeof secret === "string" ? { kind: "secret", value: secret } : undefined;
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
