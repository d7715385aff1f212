import type { Clock } from "@parley/core";
import type { FastifyInstance } from "fastify";
import { installAccess } from "./access.ts";
import { anonymous, type Authenticator } from "./auth.ts";
import { createFaultHeaders, type FaultHeaders } from "./fault-headers.ts";
import { installCors } from "./cors.ts";
import { createHostGuard, type HostGuard, installHostGuard } from "./guard.ts";
import { type Admission, createAdmission } from "./limits/admission.ts";
import type { Rate } from "./limits/rate-limit.ts";
import { metadataRoutes, type ProtectedResource } from "./oauth/protected-resource.ts";
import type { Observer } from "./observer.ts";
import { watchRequests } from "./watch-requests.ts";

/** Who may call a server and how much; one policy for MCP and every other route. */
export interface PolicyOptions {
  /** Default: everybody, with all scopes. */
  readonly authenticator?: Authenticator | undefined;
  /** Published at `/.well-known/oauth-protected-resource` and named in challenges; from `oauthResource`. */
  readonly protectedResource?: ProtectedResource | undefined;
  /** Names that pass the Host and Origin guard beside loopback and the bound host; `*` lets all pass. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins whose pages may call, such as `https://app.example`; `*` for all. Default none: CORS is off. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** The address clients use where a proxy stands in between; its host passes the guard. */
  readonly baseUrl?: string | undefined;
  /** Requests of one caller, or of one address where nobody is known; default no limit. */
  readonly rateLimit?: Rate | undefined;
  /** Failed log-ins of one address before new credentials from it are refused; default 30 a minute. */
  readonly failureLimit?: Rate | false | undefined;
}

/** What a policy needs to know of its server. */
export interface PolicySurroundings {
  /** Name shown in the metadata. */
  readonly name: string;
  /** Path of the MCP endpoint. */
  readonly path: string;
  readonly observers: readonly Observer[];
  readonly clock: Clock;
}

/** A policy in force. */
export interface Policy {
  readonly guard: HostGuard;
  readonly admission: Admission;
  readonly faultHeaders: FaultHeaders;
  /** Puts the checks on an app, in the order in which a request meets them. */
  install(app: FastifyInstance): void;
}

const defaultFailureLimit: Rate = { count: 30, perSeconds: 60 };

export function createPolicy(options: PolicyOptions, surroundings: PolicySurroundings): Policy {
  const { corsOrigins = [], baseUrl, failureLimit = defaultFailureLimit } = options;
  const { name, path, observers, clock } = surroundings;
  const protectedResource = publicly(options, path);
  const guard = createHostGuard({
    allowedHosts: options.allowedHosts,
    allowedOrigins: corsOrigins,
    ownNames: baseUrl === undefined ? [] : [new URL(baseUrl).hostname],
  });
  const admission = createAdmission({ rateLimit: options.rateLimit, failureLimit, clock });
  return {
    guard,
    admission,
    faultHeaders: createFaultHeaders({ protectedResource, path }),
    install(app) {
      installHostGuard(app, guard);
      watchRequests(app, { observers, clock });
      if (corsOrigins.length > 0) installCors(app, corsOrigins);
      installAccess(app, { authenticate: options.authenticator ?? anonymous(), admission });
      if (protectedResource !== undefined) {
        void app.register(metadataRoutes({ published: protectedResource, path, name }));
      }
    },
  };
}

/** The public address of a server, where it has one, is what its tokens are for. */
function publicly(
  { protectedResource, baseUrl }: PolicyOptions,
  path: string,
): ProtectedResource | undefined {
  if (protectedResource === undefined || baseUrl === undefined) return protectedResource;
  return { ...protectedResource, resource: `${baseUrl}${path}` };
}
