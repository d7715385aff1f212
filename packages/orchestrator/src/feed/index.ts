/** The queue's events over HTTP: `GET /events?after=SEQ` as server-sent events, `/events/ws` as a WebSocket. */

import { ParleyError } from "@parley/core";
import type { Queue } from "@parley/queue";
import webSocket from "@fastify/websocket";
import type { FastifyInstance, preHandlerAsyncHookHandler } from "fastify";
import { readQuery } from "./query.ts";
import { streamEvents } from "./stream.ts";
import { sendEvents } from "./web-socket.ts";

/** Options of {@link eventFeed}. */
export interface EventFeedOptions {
  readonly queue: Queue;
  /** Lets through who may follow; default: everybody whom the server lets in. */
  readonly access?: preHandlerAsyncHookHandler | undefined;
  /** Default `/events`; the WebSocket is at `/ws` below it. */
  readonly path?: string | undefined;
  /** Between two signs of life on a silent connection. Default 15 s. */
  readonly keepAliveMs?: number | undefined;
  /** Of both kinds together. Default 1000. */
  readonly maxFollowers?: number | undefined;
}

/** The longest message a follower may send: there is nothing to say. */
const maxPayload = 1024;

/**
 * A plugin that streams what happens to tasks. Each event has a number: a client that comes back with it, as
 * `Last-Event-ID` or `?after=`, misses nothing.
 */
export function eventFeed({
  queue,
  access,
  path = "/events",
  keepAliveMs = 15_000,
  maxFollowers = 1000,
}: EventFeedOptions): (app: FastifyInstance) => Promise<void> {
  const places = createPlaces(maxFollowers);
  /** Refuses while there still is an HTTP answer to do it with. */
  const ready: preHandlerAsyncHookHandler = async (request) => {
    readQuery(request.query, undefined);
    places.take()();
  };
  return async (app) => {
    const ending = new AbortController();
    const feed = { queue, keepAliveMs, ending: ending.signal };
    app.addHook("preClose", async () => ending.abort());
    if (access !== undefined) app.addHook("preHandler", access);
    await app.register(webSocket, { options: { maxPayload } });
    app.get(path, async (request, reply) => {
      const asked = readQuery(request.query, request.headers["last-event-id"]);
      const leave = places.take();
      reply.hijack();
      await streamEvents(reply, asked, feed).finally(leave);
    });
    app.get(`${path}/ws`, { websocket: true, preHandler: ready }, async (socket, request) => {
      const leave = places.take();
      await sendEvents(socket, readQuery(request.query, undefined), feed).finally(leave);
    });
  };
}

interface Places {
  /** @throws `E_SUBSCRIPTION_LIMIT` */
  take(): () => void;
}

function createPlaces(most: number): Places {
  let taken = 0;
  return {
    take() {
      if (taken >= most) {
        throw new ParleyError(
          "E_SUBSCRIPTION_LIMIT",
          `${most} clients follow the events already: try later.`,
        );
      }
      taken += 1;
      return () => {
        taken -= 1;
      };
    },
  };
}
