import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { discovery, reply } from "./_servers.ts";

/** What a test may bend. */
export interface Bends {
  /** Further parts of the authorization server's metadata. */
  metadata?: object;
  /** Further parts of the resource's metadata. */
  resource?: object;
  /** Parameters of the callback. */
  callback?: Record<string, string>;
  /** The answer of the token endpoint, instead of tokens. */
  token?: (form: URLSearchParams) => { status: number; body: unknown } | undefined;
  /** The scope a call needs. */
  scope?: string;
  /** Seconds tokens live. */
  lifetime?: number;
}

interface Request {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** An MCP server and its authorization server, on one port. */
export async function serveAuthorized(bends: Bends = {}) {
  const requests: Request[] = [];
  const granted = new Map<string, string>();
  const challenges = new Map<string, string>();
  let issued = 0;
  let origin = "";

  const issue = (scope: string): object => {
    issued += 1;
    granted.set(`access-${issued}`, scope);
    const { lifetime } = bends;
    return {
      access_token: `access-${issued}`,
      refresh_token: `refresh-${issued}`,
      token_type: "Bearer",
      scope,
      ...(lifetime === undefined ? {} : { expires_in: lifetime }),
    };
  };

  const authorize = (form: URLSearchParams, response: ServerResponse): void => {
    const code = `code-${form.get("scope") ?? ""}`;
    challenges.set(code, form.get("code_challenge") ?? "");
    const target = new URL(form.get("redirect_uri") ?? "");
    const query = { code, state: form.get("state") ?? "", ...bends.callback };
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    response.writeHead(302, { location: target.href }).end();
  };

  const exchange = (form: URLSearchParams, response: ServerResponse): void => {
    const bent = bends.token?.(form);
    if (bent) return reply(response, bent.status, bent.body);
    const code = form.get("code") ?? "";
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isCode = form.get("grant_type") === "authorization_code";
    if (isCode && challenges.get(code) !== proof) return reply(response, 400, { error: "invalid_grant" });
    reply(response, 200, issue(isCode ? code.slice(5) : (form.get("scope") ?? "read")));
  };

  const metadata = (): object => ({
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    ...bends.metadata,
  });

  const call = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const scope = granted.get(request.headers.authorization?.replace(/^Bearer /, "") ?? "");
    const where = `resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`;
    if (scope === undefined) {
      response.setHeader("www-authenticate", `Bearer ${where}, scope="read"`);
      return reply(response, 401, {});
    }
    const { id, method } = JSON.parse(body) as { id: number; method: string };
    if (method === "tools/call" && bends.scope !== undefined && !scope.split(" ").includes(bends.scope)) {
      response.setHeader(
        "www-authenticate",
        `Bearer error="insufficient_scope", ${where}, scope="${bends.scope}"`,
      );
      return reply(response, 403, {});
    }
    const result =
      method === "server/discover" ? discovery : { resultType: "complete", tools: [], content: [] };
    reply(response, 200, { jsonrpc: "2.0", id, result });
  };

  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "/", origin);
      const body = await text(request);
      const form = request.method === "GET" ? url.searchParams : new URLSearchParams(body);
      requests.push({ path: url.pathname, form, authorization: request.headers.authorization });
      if (url.pathname === "/mcp") return call(request, body, response);
      if (url.pathname === "/authorize") return authorize(form, response);
      if (url.pathname === "/token") return exchange(form, response);
      if (url.pathname === "/register")
        return reply(response, 201, { ...(JSON.parse(body) as object), client_id: "registered" });
      if (url.pathname === "/.well-known/oauth-authorization-server") return reply(response, 200, metadata());
      if (url.pathname === "/.well-known/oauth-protected-resource/mcp")
        return reply(response, 200, {
          resource: `${origin}/mcp`,
          authorization_servers: [origin],
          ...bends.resource,
        });
      reply(response, 404, {});
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/mcp`,
    origin,
    requests,
    at: (path: string) => requests.filter((request) => request.path === path),
    /** Makes tokens of before worthless. */
    revoke: () => granted.clear(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A browser whose user grants everything. */
export async function browse(url: URL): Promise<void> {
  const response = await fetch(url);
  await response.text();
}
