import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The two sides of one exchange. */
export interface Sides {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Calls back once when a response is over, however it ends; at once when the client has gone already. A response
 * that waits behind another one of its connection emits no `close` of its own.
 */
export function onGone({ request, response }: Sides, then: () => void): void {
  const { socket } = request;
  if (response.closed || response.destroyed || socket.destroyed) {
    then();
    return;
  }
  let told = false;
  const gone = (): void => {
    // Of two that close in one go, the second is called though it has been taken off.
    if (told) return;
    told = true;
    response.off("close", gone);
    socket.off("close", gone);
    then();
  };
  // As many as requests that a client sends without waiting for answers.
  setMaxListeners(0, socket);
  response.once("close", gone);
  socket.once("close", gone);
}
