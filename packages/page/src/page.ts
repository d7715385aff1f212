import type { FastifyInstance, preHandlerAsyncHookHandler } from "fastify";
import { createCallLog, type PageCall, type SeenCall } from "./call-log.ts";
import { serveAssets } from "./serve-assets.ts";

declare module "fastify" {
  interface FastifySchema {
    /** Left out of the OpenAPI document; as `@fastify/swagger` declares it. */
    hide?: boolean;
  }
}

/** How {@link createPage} is called. */
export interface PageOptions {
  /** Path of the MCP endpoint; default `/mcp`. */
  readonly mcpPath?: string | undefined;
  /** Lets through only callers who may read, for the list of recent calls: `requireScope("read")` of `@parley/server`. */
  readonly readAccess: preHandlerAsyncHookHandler;
  /** Calls held for the list of recent calls; default 100. */
  readonly keepCalls?: number | undefined;
}

/** A page and what feeds it. */
export interface Page {
  /** An observer of calls, for `createServer`. */
  readonly observer: { called(call: SeenCall): void };
  /** Adds `/`, `/page/FILE` and `/page/calls`; register it before the server listens. */
  plugin(scope: FastifyInstance): Promise<void>;
}

const frame = {
  title: "MCP server",
  secret: "Token",
  label: "Bearer token",
  reloads: true,
  notices: "alert",
} as const;

/** Makes the page. Its files are read when somebody first asks for them. */
export function createPage({ mcpPath = "/mcp", readAccess, keepCalls = 100 }: PageOptions): Page {
  const log = createCallLog(keepCalls);
  return {
    observer: { called: (call) => log.add(call) },
    async plugin(scope) {
      serveAssets(scope, { document: "page.html", entry: "app.js", files: "page/", mcpPath, frame });
      scope.get(
        "/page/calls",
        { preHandler: readAccess, schema: { hide: true } },
        async (_request, reply): Promise<{ calls: readonly PageCall[] }> => {
          void reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
          return { calls: log.recent() };
        },
      );
    },
  };
}
