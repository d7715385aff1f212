import type { FastifyInstance } from "fastify";
import swagger from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Identity } from "./identity.ts";

/** The body of every error. */
export const Fault = z
  .object({
    error: z.looseObject({ code: z.string(), message: z.string(), retryable: z.boolean() }),
    detail: z.string(),
  })
  .describe("What failed, on what, and what to do next");

const refusals = {
  401: Fault.describe("No bearer token, or an unknown one"),
  403: Fault.describe("The credential lacks the scope, or the Host is not allowed"),
};

/** Collects the app's routes for `/openapi.json`; every route but the public ones says that it may refuse. */
export function installOpenApi(app: FastifyInstance, identity: Identity, baseUrl: string | undefined): void {
  const { name, version, title, instructions } = identity;
  app.addHook("onRoute", (route) => {
    const { schema } = route;
    if (schema === undefined || schema.hide === true || route.config?.public === true) return;
    const responses = typeof schema.response === "object" && schema.response !== null ? schema.response : {};
    schema.response = { ...refusals, ...responses };
    schema.security ??= [{ bearer: [] }];
  });
  void app.register(swagger, {
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
}
