import type { WebSocket } from "@fastify/websocket";
import { viewEvent } from "../tools/events.ts";
import type { Feed, FeedQuery } from "./query.ts";

/** Going away, as RFC 6455 has it. */
const goingAway = 1001;

/** Sends events, one a message, until the client or the server goes. The next is sent when the last has left. */
export async function sendEvents(
  socket: WebSocket,
  { after, task_id: taskId }: FeedQuery,
  { queue, keepAliveMs, ending }: Feed,
): Promise<void> {
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  // A broken connection closes too; without a listener its error would end the process.
  socket.on("error", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, ending]);
  let alive = true;
  socket.on("pong", () => {
    alive = true;
  });
  const keepAlive = setInterval(() => {
    if (alive) socket.ping();
    else socket.terminate();
    alive = false;
  }, keepAliveMs).unref();
  try {
    for await (const event of queue.subscribe({ signal, ...(after === undefined ? {} : { after }) })) {
      if (taskId === undefined || event.taskId === taskId)
        await send(socket, JSON.stringify(viewEvent(event)));
    }
  } finally {
    clearInterval(keepAlive);
    socket.close(goingAway);
  }
}

/** Resolves when the message has left, or cannot any more: the socket is then about to close. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.send(text, () => resolve());
  });
}
