import type { IncomingMessage } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import type { NodeStreamableHTTPServerTransport } from "@modelcontextprotocol/node";
import type { SessionEvents } from "./event-store.ts";
import { isOpen } from "./is-open.ts";

type Id = string | number;

/** Ends the streams of requests that their client cancels: the SDK answers those no more and leaves their streams open. */
export interface CancelledRequests {
  /** Remembers requests that share one stream until the returned function is called. */
  sharing(body: unknown): () => void;
  /** Told of a body that the transport has taken. */
  end(body: unknown): Promise<void>;
  /** Whether a client asks for the rest of a stream that has none, and is to be told with 204 to stop asking. */
  isPointless(request: IncomingMessage): boolean;
}

/** Revisions in which one stream may answer several requests; only its end says that there is no more. */
const batching: ReadonlySet<unknown> = new Set([undefined, "2025-03-26"]);

export function createCancelledRequests(
  transport: NodeStreamableHTTPServerTransport,
  events: SessionEvents,
): CancelledRequests {
  const shared = new Set<Id>();
  return {
    sharing(body) {
      const ids = Array.isArray(body) && body.length > 1 ? body.flatMap(requestId) : [];
      for (const id of ids) shared.add(id);
      return () => {
        for (const id of ids) shared.delete(id);
      };
    },
    async end(body) {
      const ids = (Array.isArray(body) ? body : [body]).flatMap(cancelledId);
      if (ids.length === 0) return;
      // What the call still says, such as that its own questions are withdrawn, goes first.
      await turn();
      for (const id of ids) {
        if (!shared.has(id)) transport.closeSSEStream(id);
        // Who was answered already is unknown to the SDK, and so is who never asked.
        await transport.send(events.farewell(id)).catch(() => undefined);
      }
    },
    isPointless({ method, headers }) {
      const lastEventId = headers["last-event-id"];
      if (method !== "GET" || typeof lastEventId !== "string") return false;
      return !batching.has(headers["mcp-protocol-version"]) && events.isOver(lastEventId);
    },
  };
}

function requestId(message: unknown): Id[] {
  return isOpen(message) && "method" in message ? idIn(message["id"]) : [];
}

function cancelledId(message: unknown): Id[] {
  if (!isOpen(message) || message["method"] !== "notifications/cancelled") return [];
  return isOpen(message["params"]) ? idIn(message["params"]["requestId"]) : [];
}

function idIn(value: unknown): Id[] {
  return typeof value === "string" || typeof value === "number" ? [value] : [];
}
