/** The queue's events over HTTP: `GET /events?after=SEQ`, as server-sent events. */

import { ParleyError } from "@parley/core";
import type { Queue } from "@parley/queue";
import type { FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from "fastify";
import { z } from "zod";
import { viewEvent } from "./tools/events.ts";

/** Options of {@link eventFeed}. */
export interface EventFeedOptions {
  readonly queue: Queue;
  /** Lets through who may follow; default: everybody whom the server lets in. */
  readonly access?: preHandlerAsyncHookHandler | undefined;
  /** Default `/events`. */
  readonly path?: string | undefined;
  /** Between two comments that keep a silent connection open. Default 15 s. */
  readonly keepAliveMs?: number | undefined;
  /** Default 1000. */
  readonly maxFollowers?: number | undefined;
}

const Query = z.object({
  after: z.coerce.number().int().min(0).optional(),
  task_id: z.string().max(200).optional(),
});

/**
 * A plugin that streams what happens to tasks. Each event's id is its number: a client that comes back with
 * `Last-Event-ID` or `?after=` misses nothing.
 */
export function eventFeed({
  queue,
  access,
  path = "/events",
  keepAliveMs = 15_000,
  maxFollowers = 1000,
}: EventFeedOptions): (app: FastifyInstance) => Promise<void> {
  let followers = 0;
  // oxlint-disable-next-line typescript/require-await -- a plugin is a function that answers with a promise
  return async (app) => {
    const ending = new AbortController();
    app.addHook("preClose", async () => ending.abort());
    if (access !== undefined) app.addHook("preHandler", access);
    app.get(path, async (request, reply) => {
      const { after, task_id: taskId } = readQuery(request.query, request.headers["last-event-id"]);
      if (followers >= maxFollowers) {
        throw new ParleyError("E_SUBSCRIPTION_LIMIT", `${maxFollowers} clients follow the events already.`);
      }
      followers += 1;
      const gone = new AbortController();
      request.raw.socket.once("close", () => gone.abort());
      reply.hijack();
      try {
        const signal = AbortSignal.any([gone.signal, ending.signal]);
        await stream({ queue, reply, after, taskId, keepAliveMs, signal });
      } finally {
        followers -= 1;
        reply.raw.end();
      }
    });
  };
}

function readQuery(query: unknown, lastEventId: unknown): z.output<typeof Query> {
  const parsed = Query.safeParse(query);
  const resumed = Query.shape.after.safeParse(lastEventId);
  if (!parsed.success || !resumed.success) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "after is the number of the last event seen: write a whole number.",
    );
  }
  return { ...parsed.data, after: resumed.data ?? parsed.data.after };
}

interface Streaming {
  readonly queue: Queue;
  readonly reply: FastifyReply;
  readonly after: number | undefined;
  readonly taskId: string | undefined;
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

async function stream({ queue, reply, after, taskId, keepAliveMs, signal }: Streaming): Promise<void> {
  const { raw } = reply;
  raw.writeHead(200, {
    ...headersOf(reply),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  raw.write(": tasks\n\n");
  const keepAlive = setInterval(() => raw.write(":\n\n"), keepAliveMs).unref();
  try {
    for await (const event of queue.subscribe({ signal, ...(after === undefined ? {} : { after }) })) {
      if (taskId !== undefined && event.taskId !== taskId) continue;
      const text = `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(viewEvent(event))}\n\n`;
      // A reader that is slow holds up its own stream alone: the cursor stays where it is.
      if (!raw.write(text)) await drained(raw, signal);
    }
  } finally {
    clearInterval(keepAlive);
  }
}

/** Headers that hooks have set, such as those of CORS. */
function headersOf(reply: FastifyReply): Record<string, string> {
  const set = Object.entries(reply.getHeaders());
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}

function drained(raw: FastifyReply["raw"], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      raw.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    raw.once("drain", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
