import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

/** What a server publishes so that clients find out where to get a token (RFC 9728). */
export interface ProtectedResource {
  readonly authorizationServers: readonly string[];
  /** Scopes as the authorization server spells them. */
  readonly scopes: readonly string[];
  /** What stands before our names in them. */
  readonly scopePrefix?: string | undefined;
  /** Scope that a challenge asks for, by our name; default `read`. */
  readonly challengeScope?: string | undefined;
  /** Public address of the MCP endpoint; default: the address the request was sent to. */
  readonly resource?: string | undefined;
}

const wellKnown = "/.well-known/oauth-protected-resource";

const Metadata = z.object({
  resource: z.string(),
  resource_name: z.string(),
  authorization_servers: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
});

/** What {@link metadataRoutes} serves. */
export interface MetadataRoutesOptions {
  readonly published: ProtectedResource;
  /** Path of the MCP endpoint. */
  readonly path: string;
  readonly name: string;
}

/** The metadata document, at the plain well-known path and at those with the endpoint's path after it, here and as a proxy shows it. */
export function metadataRoutes({
  published,
  path,
  name,
}: MetadataRoutesOptions): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>();
    const publicPath = published.resource === undefined ? path : new URL(published.resource).pathname;
    for (const url of new Set([wellKnown, metadataPath(path), metadataPath(publicPath)])) {
      app.get(
        url,
        {
          config: { public: true, unlimited: true },
          schema: {
            summary: "Where access tokens for this server come from (RFC 9728)",
            security: [],
            response: { 200: Metadata },
          },
        },
        async (request, reply) => {
          // The answer may name the host it was asked under.
          reply.header("cache-control", "no-store");
          return {
            resource: published.resource ?? `${originOf(request)}${path}`,
            resource_name: name,
            authorization_servers: [...published.authorizationServers],
            scopes_supported: [...published.scopes],
            bearer_methods_supported: ["header"],
          };
        },
      );
    }
  };
}

/** Address of the document that belongs to a request's endpoint. */
export function metadataUrl(published: ProtectedResource, path: string, request: FastifyRequest): string {
  if (published.resource === undefined) return `${originOf(request)}${metadataPath(path)}`;
  const { origin, pathname } = new URL(published.resource);
  return `${origin}${metadataPath(pathname)}`;
}

function metadataPath(path: string): string {
  return path === "/" ? wellKnown : `${wellKnown}${path}`;
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
