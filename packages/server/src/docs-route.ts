import Fastify, { type FastifyInstance } from "fastify";
import { requireScope } from "./access.ts";
import { withoutCompilers } from "./app.ts";
import type { OpenApiDocument } from "./open-api-document.ts";
import type { ReadOpenApi } from "./open-api.ts";

/**
 * `/docs`: a page that shows and tries the routes of `/openapi.json`, from files of this machine. The page is an
 * app of its own that is made when somebody first asks for it, for it takes longer to load than the server.
 */
export function docsRoute(
  readOpenApi: ReadOpenApi,
  path = "/docs",
): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    let page: Promise<FastifyInstance> | undefined;
    const options = { preHandler: requireScope("read"), schema: { hide: true } };
    scope.get(path, options, (_request, reply) => reply.redirect(`.${path}/`));
    scope.get(`${path}/*`, options, async (request, reply) => {
      page ??= readOpenApi().then((document) => createPage(document, path));
      const app = await page;
      reply.hijack();
      app.routing(request.raw, reply.raw);
    });
    scope.addHook("onClose", async () => {
      await (await page)?.close();
    });
  };
}

/** Nothing from elsewhere. The page marks its drawings with styles of their own. */
const policy =
  "default-src 'self'; base-uri 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'";

async function createPage(document: OpenApiDocument, routePrefix: string): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import("@fastify/swagger"),
    import("@fastify/swagger-ui"),
  ]);
  const app = Fastify({ schemaController: withoutCompilers });
  // The two declarations of an OpenAPI document differ in versions of OpenAPI we do not write.
  await app.register(swagger, { mode: "static", specification: { document: document as never } });
  await app.register(swaggerUi, { routePrefix, staticCSP: policy, uiConfig: { validatorUrl: null } });
  await app.ready();
  return app;
}
