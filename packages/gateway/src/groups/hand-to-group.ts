import type { FastifyReply, FastifyRequest } from "fastify";
import type { McpViews } from "../mcp/mcp-views.ts";
import type { Serving } from "../rest/serving.ts";
import { isSearched } from "../search/tool-mode.ts";
import { groupFor } from "./groups.ts";

/**
 * Hands a request on to the MCP server of a group, which asks for the key again and reads the body.
 * @returns false, with nothing done, where there is no such group for this caller
 */
export function handToGroup(
  { keyring, groups }: Serving,
  views: McpViews,
): (request: FastifyRequest, reply: FastifyReply, name: string) => boolean {
  return (request, reply, name) => {
    const group = groupFor(groups(), name, keyring().viewOf(request.headers));
    if (group === undefined) return false;
    const [path = ""] = request.url.split("?");
    const { app: inner } = views.get(group.view, {
      path: decodeURI(path),
      isSearched: isSearched(request.url),
    });
    reply.hijack();
    inner.ready(() => inner.routing(request.raw, reply.raw));
    return true;
  };
}
