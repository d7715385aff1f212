import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Asset, Assets, AssetsOptions } from "./assets.ts";

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

/** The page holds no data: whoever may not read sees a form for a token. Its files are many and small. */
const open = { config: { public: true, unlimited: true }, schema: { hide: true } };

/** Serves a page at `/` and its files beside it. They are read when somebody first asks for them. */
export function serveAssets(scope: FastifyInstance, options: AssetsOptions): void {
  let reading: Promise<Assets> | undefined;
  const assets = async (): Promise<Assets> => {
    // By its public name: it looks for the files beside itself, wherever this module is bundled.
    reading ??= import("@parley/page/assets").then(({ readAssets }) => readAssets(options));
    try {
      return await reading;
    } catch (error) {
      reading = undefined;
      throw error;
    }
  };
  scope.get("/", open, async (request, reply) => send(request, reply, (await assets()).html));
  scope.get<{ Params: { file: string } }>(`/${options.files}:file`, open, async (request, reply) => {
    const file = (await assets()).files.get(request.params.file);
    if (file === undefined) return reply.callNotFound();
    return send(request, reply, file);
  });
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
