import type { FastifyInstance } from "fastify";
import swagger from "@fastify/swagger";
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { z } from "zod";
import { requireScope } from "./access.ts";
import type { Identity, Shared } from "./protocol-server.ts";

const Items = z.array(z.looseObject({ name: z.string() }));
const Health = z.looseObject({ status: z.literal(200), message: z.literal("OK"), version: z.string() });

/** Makes zod the schema language of the app's routes. */
export function installSchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
}

/** Collects the app's routes for `/openapi.json`. */
export function installOpenApi(app: FastifyInstance, { name, version, title }: Identity): void {
  void app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: title ?? name, version } },
    transform: jsonSchemaTransform,
  });
}

/** What {@link restRoutes} serves. */
export interface RestRoutesOptions {
  readonly shared: Shared;
  readonly health: (() => Record<string, unknown>) | undefined;
}

/** `/health`, the three list routes and the OpenAPI document, as a plugin. */
export function restRoutes({ shared, health }: RestRoutesOptions): (scope: FastifyInstance) => Promise<void> {
  const readers = { preHandler: requireScope("read") };
  return async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>();
    const { version } = shared.identity;
    app.get(
      "/health",
      {
        config: { public: true },
        schema: { summary: "Whether the server answers", security: [], response: { 200: Health } },
      },
      async () => ({ status: 200 as const, message: "OK" as const, version, ...health?.() }),
    );
    // The list is text already: neither typed nor serialised again.
    scope.get(
      "/tools/list",
      { ...readers, schema: { summary: summary("tools"), response: { 200: z.object({ tools: Items }) } } },
      async (_request, reply) => {
        reply.serializer(asIs).type("application/json; charset=utf-8");
        return reply.send(`{"tools":${shared.lists().toolsJson}}`);
      },
    );
    app.get(
      "/prompts/list",
      {
        ...readers,
        schema: { summary: summary("prompts"), response: { 200: z.object({ prompts: Items }) } },
      },
      async () => ({ prompts: shared.lists().prompts.map(named) }),
    );
    app.get(
      "/resources/list",
      {
        ...readers,
        schema: { summary: summary("resources"), response: { 200: z.object({ resources: Items }) } },
      },
      async () => {
        const { resources, templates } = shared.lists();
        return { resources: [...resources, ...templates].map(named) };
      },
    );
    app.get("/openapi.json", { ...readers, schema: { hide: true } }, async () => app.swagger());
  };
}

const summary = (what: string): string => `The ${what} that MCP clients see`;

function asIs(payload: unknown): string {
  return String(payload);
}

function named(item: Readonly<Record<string, unknown>>): { name: string } & Record<string, unknown> {
  return { ...item, name: String(item["name"]) };
}
