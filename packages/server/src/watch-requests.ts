import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "@parley/core";
import type { Observer, RequestRecord } from "./observer.ts";

/** Options of {@link watchRequests}. */
export interface WatchOptions {
  readonly observers: readonly Observer[];
  readonly clock: Clock;
}

/** Tells observers of every answered request; costs nothing when none of them asks. */
export function watchRequests(app: FastifyInstance, { observers, clock }: WatchOptions): void {
  const told = observers.filter((observer) => observer.answered !== undefined);
  if (told.length === 0) return;
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? request.url.split("?", 1)[0] ?? "";
    const record: RequestRecord = {
      method: request.method,
      route,
      status: reply.statusCode,
      caller: request.caller?.name ?? "anonymous",
      address: request.ip,
      startedAt: clock.now() - reply.elapsedTime,
      durationMs: reply.elapsedTime,
      code: request.fault?.code,
      isMcp: request.routeOptions.config.mcp === true,
      isPublic: request.routeOptions.config.public === true,
      get input() {
        return inputOf(request);
      },
    };
    for (const observer of told) observer.answered?.(record);
    done();
  });
}

function inputOf({ params, query, body, routeOptions }: FastifyRequest): Record<string, unknown> {
  const given = routeOptions.url === undefined ? { query, body } : { params, query, body };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => isGiven(value)));
}

function isGiven(value: unknown): boolean {
  if (typeof value !== "object") return value !== undefined;
  return value !== null && Object.keys(value).length > 0;
}
