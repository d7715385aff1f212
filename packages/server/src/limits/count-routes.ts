import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import type { Calls } from "../calls.ts";

/**
 * Counts requests of routes marked `config: { call: true }` among the calls that may run at once, so that one limit holds
 * for tools and routes. A request keeps its place until its handler has answered, though its client has gone.
 */
export function countRoutes(app: FastifyInstance, { enter }: Pick<Calls, "enter">): void {
  const places = new WeakMap<FastifyRequest, () => void>();
  const take = async (request: FastifyRequest): Promise<void> => {
    places.set(request, enter());
  };
  const give = async (request: FastifyRequest): Promise<void> => {
    places.get(request)?.();
  };
  app.addHook("onRoute", (route) => {
    if (route.config?.call !== true) return;
    Object.assign(route, {
      preHandler: [...listed(route.preHandler), take],
      onSend: [...listed(route.onSend), give],
    } satisfies Partial<RouteOptions>);
  });
}

function listed<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
