import type { FastifyReply } from "fastify";
import { viewEvent } from "../tools/events.ts";
import type { Feed, FeedQuery } from "./query.ts";

/** Streams events until the client or the server goes. A slow reader holds up its own stream alone. */
export async function streamEvents(
  reply: FastifyReply,
  { after, task_id: taskId }: FeedQuery,
  { queue, keepAliveMs, ending }: Feed,
): Promise<void> {
  const { raw } = reply;
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, ending]);
  raw.writeHead(200, {
    ...headersOf(reply),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A connection that is kept would hold up a server that closes.
    connection: "close",
    "x-accel-buffering": "no",
  });
  raw.write(": tasks\n\n");
  const keepAlive = setInterval(() => raw.write(":\n\n"), keepAliveMs).unref();
  try {
    for await (const event of queue.subscribe({ signal, ...(after === undefined ? {} : { after }) })) {
      if (taskId !== undefined && event.taskId !== taskId) continue;
      const data = JSON.stringify(viewEvent(event));
      const text = `id: ${event.seq}\nevent: ${event.type}\ndata: ${data}\n\n`;
      if (!raw.write(text)) await drained(raw, signal);
    }
  } finally {
    clearInterval(keepAlive);
    raw.end();
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
