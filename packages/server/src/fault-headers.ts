import type { FastifyReply } from "fastify";
import type { ParleyError } from "@parley/core";
import { bearerToken } from "./auth.ts";
import { metadataUrl, type ProtectedResource } from "./oauth/protected-resource.ts";

/** Sets the headers that belong to an error: the challenge of a 401 or 403, the wait of a 429 or 503. */
export type FaultHeaders = (reply: FastifyReply, error: ParleyError) => void;

/** Options of {@link createFaultHeaders}. */
export interface FaultHeadersOptions {
  readonly protectedResource?: ProtectedResource | undefined;
  /** Path of the MCP endpoint. */
  readonly path: string;
}

/** RFC 6750 section 3 and, with a protected resource, RFC 9728 section 5.1. */
export function createFaultHeaders({ protectedResource, path }: FaultHeadersOptions): FaultHeaders {
  const { scopePrefix: prefix = "", challengeScope = "read" } = protectedResource ?? {};

  const challenge = (reply: FastifyReply, parts: readonly (readonly [string, string])[]): void => {
    const all = protectedResource === undefined ? parts : [...parts, metadataPart(reply, protectedResource)];
    const shown = all.map(([name, value]) => `${name}="${quotable(value)}"`);
    reply.header("www-authenticate", ["Bearer", shown.join(", ")].join(" ").trimEnd());
  };
  const metadataPart = (reply: FastifyReply, published: ProtectedResource): readonly [string, string] => [
    "resource_metadata",
    metadataUrl(published, path, reply.request),
  ];

  return (reply, error) => {
    const { scope, retryAfterSeconds } = error.details;
    if (typeof retryAfterSeconds === "number") reply.header("retry-after", String(retryAfterSeconds));
    if (error.code === "E_AUTH_REQUIRED") {
      // A request without a token gets no error code: it may not have known that one is needed.
      const wasSent = bearerToken(reply.request.headers.authorization) !== undefined;
      const wanted =
        protectedResource === undefined ? [] : ([["scope", `${prefix}${challengeScope}`]] as const);
      const fault = [
        ["error", "invalid_token"],
        ["error_description", error.message],
      ] as const;
      challenge(reply, [...(wasSent ? fault : []), ...wanted]);
    }
    if (error.code === "E_AUTH_FORBIDDEN" && typeof scope === "string") {
      challenge(reply, [
        ["error", "insufficient_scope"],
        ["scope", `${prefix}${scope}`],
      ]);
    }
  };
}

/** What hooks have set, such as the headers of CORS, belongs on an answer that fastify does not write too. */
export function keepHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
}

/** Characters a quoted string may hold as they are. */
function quotable(text: string): string {
  return text.replaceAll(/[^\u0020\u0021\u0023-\u005B\u005D-\u007E]/g, "'");
}
