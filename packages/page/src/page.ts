import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import { type Asset, type Assets, readAssets } from "./assets.ts";
import { createCallLog, type PageCall, type SeenCall } from "./call-log.ts";

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

/**
 * Nothing from elsewhere, nothing inline, no frame around it. Sounds that a tool answers with are `data:` too.
 * Source: Content Security Policy Level 3.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join("; ");

/** Makes the page. Its files are read when somebody first asks for them. */
export function createPage({ mcpPath = "/mcp", readAccess, keepCalls = 100 }: PageOptions): Page {
  const log = createCallLog(keepCalls);
  let reading: Promise<Assets> | undefined;
  const assets = async (): Promise<Assets> => {
    reading ??= readAssets(mcpPath);
    try {
      return await reading;
    } catch (error) {
      reading = undefined;
      throw error;
    }
  };
  return {
    observer: { called: (call) => log.add(call) },
    async plugin(scope) {
      // The page holds no data: whoever may not read sees a form for a token. Its files are many and small.
      const open = { config: { public: true, unlimited: true }, schema: { hide: true } };
      scope.get("/", open, async (request, reply) => send(request, reply, (await assets()).html));
      scope.get<{ Params: { file: string } }>("/page/:file", open, async (request, reply) => {
        const file = (await assets()).files.get(request.params.file);
        if (file === undefined) return reply.callNotFound();
        return send(request, reply, file);
      });
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

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  void reply.headers({
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
    etag: asset.etag,
  });
  const known = (request.headers["if-none-match"] ?? "")
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(asset.etag)) return reply.code(304).send();
  return reply.type(asset.contentType).send(asset.body);
}
