import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { everything } from "../policy/view.ts";
import type { Serving } from "../rest/serving.ts";
import { findUpstream } from "../rest/serving.ts";
import { isSearched } from "../search/tool-mode.ts";
import type { McpViews } from "./mcp-views.ts";

export interface McpRoutesOptions {
  readonly serving: Serving;
  readonly views: McpViews;
  /** Of the endpoint for all servers. */
  readonly path: string;
}

/**
 * `/servers/{name}/mcp`, and `path` itself for callers that may not see everything: both go on to an MCP server that
 * shows just this. It asks for the key again, and reads the body first of all.
 */
export function mcpRoutes(app: FastifyInstance, { serving, views, path }: McpRoutesOptions): void {
  const hand = (request: FastifyRequest, reply: FastifyReply, only?: string): void => {
    const view = serving.keyring().viewOf(request.headers);
    if (only !== undefined) findUpstream(serving, only, view);
    const address = only === undefined ? path : `/servers/${only}/mcp`;
    const { app: inner } = views.get(view, { path: address, only, isSearched: isSearched(request.url) });
    reply.hijack();
    inner.ready(() => inner.routing(request.raw, reply.raw));
  };
  // Before the body of a request is read, since it is read there.
  app.addHook("onRequest", (request, reply, done) => {
    const { url } = request;
    const isHere = url.startsWith(path) && (url.length === path.length || url[path.length] === "?");
    if (!isHere || (serving.keyring().viewOf(request.headers) === everything && !isSearched(url))) done();
    // What is hijacked goes no further.
    else hand(request, reply);
  });
  app.all<{ Params: { readonly name: string } }>(
    "/servers/:name/mcp",
    {
      config: { mcp: true },
      onRequest: async (request, reply) => hand(request, reply, request.params.name),
    },
    async () => undefined,
  );
}
