import type { FastifyInstance } from "fastify";
import { requireScope } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import { httpFault } from "./rest-errors.ts";

/** Statuses of requests that were turned away rather than served. */
const refused: ReadonlySet<number> = new Set([401, 403, 413, 429, 503]);

/** Counts what is turned away, whichever route it was for. */
export function countRefusals(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onError", async (_request, _reply, thrown) => {
    const { status, error } = httpFault(thrown);
    if (refused.has(status)) metrics.refused(error.code);
  });
}

/** `/metrics` in Prometheus' text form, for readers or for all. */
export function metricsRoute(metrics: Metrics, isPublic: boolean): (scope: FastifyInstance) => Promise<void> {
  const access = isPublic ? { config: { public: true } } : { preHandler: requireScope("read") };
  return async (scope) => {
    scope.get("/metrics", { ...access, schema: { hide: true } }, async (_request, reply) => {
      const text = await metrics.text();
      return reply.header("content-type", metrics.contentType).send(text);
    });
  };
}
