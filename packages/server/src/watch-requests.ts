import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
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
    const record = new Answered(request, reply, clock.now());
    for (const observer of told) observer.answered?.(record);
    done();
  });
}

/**
 * An answered request. What few observers look at is read when they do, on a prototype: an object with a getter of its own
 * makes V8 a hidden class for each, which keeps what the getter sees until the next full collection.
 */
class Answered implements RequestRecord {
  readonly status: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly isMcp: boolean;
  readonly isPublic: boolean;
  readonly #request: FastifyRequest;
  readonly #url: string | undefined;

  constructor(request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply, nowMs: number) {
    const { url, config } = request.route ?? request.routeOptions;
    this.status = statusCode;
    this.startedAt = nowMs - elapsedTime;
    this.durationMs = elapsedTime;
    this.isMcp = config.mcp === true;
    this.isPublic = config.public === true;
    this.#request = request;
    this.#url = url;
  }

  get method(): string {
    return this.#request.method;
  }
  get route(): string {
    return this.#url ?? this.#request.url.split("?", 1)[0] ?? "";
  }
  get caller(): string {
    return this.#request.caller?.name ?? "anonymous";
  }
  get address(): string {
    return this.#request.ip;
  }
  get code(): string | undefined {
    return this.#request.fault?.code;
  }
  get input(): Record<string, unknown> {
    return inputOf(this.#request);
  }
}

function inputOf({ params, query, body, routeOptions }: FastifyRequest): Record<string, unknown> {
  const given = routeOptions.url === undefined ? { query, body } : { params, query, body };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => isGiven(value)));
}

function isGiven(value: unknown): boolean {
  if (typeof value !== "object") return value !== undefined;
  return value !== null && Object.keys(value).length > 0;
}
