import type { FastifyInstance, RouteOptions } from "fastify";
import { z } from "zod";
import type { Identity } from "./identity.ts";
import type { OpenApiDocument } from "./open-api-document.ts";

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

/** Gives the app's OpenAPI document. */
export type ReadOpenApi = () => Promise<OpenApiDocument>;

/**
 * Collects the app's routes for `/openapi.json`; every route but the public ones says that it may refuse. What makes the
 * document of them is loaded when somebody first asks for it.
 */
export function collectOpenApi(
  app: FastifyInstance,
  identity: Identity,
  baseUrl: string | undefined,
): ReadOpenApi {
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => {
    const { schema } = route;
    if (schema?.hide === true) return;
    routes.push(route);
    if (schema === undefined || route.config?.public === true) return;
    const responses = typeof schema.response === "object" && schema.response !== null ? schema.response : {};
    schema.response = { ...refusals, ...responses };
    schema.security ??= [{ bearer: [] }];
  });
  let document: Promise<OpenApiDocument> | undefined;
  return () =>
    (document ??= import("./open-api-document.ts").then(({ openApiDocument }) =>
      openApiDocument(routes, identity, baseUrl),
    ));
}
