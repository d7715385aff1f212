import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance, type RouteOptions } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { withoutCompilers } from "./app.ts";
import type { Identity } from "./identity.ts";

/** An OpenAPI document, as `@fastify/swagger` makes it. */
export type OpenApiDocument = ReturnType<FastifyInstance["swagger"]>;

/** Describes routes in OpenAPI 3.1. They are put on an app of its own, which serves nobody. */
export async function openApiDocument(
  routes: readonly RouteOptions[],
  { name, version, title, instructions }: Identity,
  baseUrl: string | undefined,
): Promise<OpenApiDocument> {
  const app = Fastify({ schemaController: withoutCompilers });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: title ?? name,
        version,
        description: instructions ?? "The plain routes beside the MCP endpoint.",
      },
      ...(baseUrl === undefined ? {} : { servers: [{ url: baseUrl }] }),
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    },
    transform: jsonSchemaTransform,
  });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => String);
  for (const { method, url, schema = {}, config = {} } of routes) {
    if (method !== "HEAD")
      app.route({ method, url, schema, config, handler: serveNobody, exposeHeadRoute: false });
  }
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

async function serveNobody(): Promise<void> {}
