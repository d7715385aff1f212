import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

const Health = z.looseObject({ status: z.literal(200), message: z.literal("OK"), version: z.string() });
const Alive = z.object({ status: z.literal("ok") });
const Ready = z.object({ status: z.literal("ready") });
const NotReady = z.object({ status: z.enum(["draining", "not-ready"]), reasons: z.array(z.string()) });

/** What {@link healthRoutes} serves. */
export interface HealthRoutesOptions {
  readonly version: string;
  /** Further fields of `/health`. */
  readonly report: () => Record<string, unknown>;
  /** Why the server should get no requests now; empty when it should. */
  readonly notReady: () => readonly string[];
  readonly draining: () => boolean;
}

/** `/health` for people and hubs, `/healthz` and `/readyz` for whoever restarts and routes; open to all. */
export function healthRoutes(options: HealthRoutesOptions): (scope: FastifyInstance) => Promise<void> {
  const { version, report, notReady, draining } = options;
  return async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>();
    const open = { config: { public: true, unlimited: true } };
    app.get(
      "/health",
      {
        ...open,
        schema: {
          summary: "What runs here, since when, with how much to do",
          security: [],
          response: { 200: Health },
        },
      },
      async () => ({ status: 200 as const, message: "OK" as const, version, ...report() }),
    );
    app.get(
      "/healthz",
      { ...open, schema: { summary: "Whether the process answers", security: [], response: { 200: Alive } } },
      async () => ({ status: "ok" as const }),
    );
    app.get(
      "/readyz",
      {
        ...open,
        schema: {
          summary: "Whether the server should get requests",
          security: [],
          response: { 200: Ready, 503: NotReady },
        },
      },
      async (_request, reply) => {
        if (draining())
          return reply.code(503).send({ status: "draining", reasons: ["the server is closing"] });
        const reasons = [...notReady()];
        if (reasons.length > 0) return reply.code(503).send({ status: "not-ready", reasons });
        return { status: "ready" as const };
      },
    );
  };
}
