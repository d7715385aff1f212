import type { EventStore, JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";

/** Most events and bytes kept for one session; the oldest go first. */
const maxEvents = 100;
const maxBytes = 256 * 1024;

interface Stored {
  readonly order: number;
  readonly streamId: string;
  readonly json: string;
}

/** The events of one session, and which of its streams still expect any. */
export interface SessionEvents extends EventStore {
  /** Whether nothing comes or is kept after an event. */
  isOver(lastEventId: string): boolean;
  /** A message that, as the answer to a request, ends its stream for the SDK and is kept for nobody. */
  farewell(requestId: RequestId): JSONRPCMessage;
}

/** Keeps the last events of one session's streams, so that a client whose connection broke can go on where it was. */
export function createEventStore(): SessionEvents {
  const events = new Map<string, Stored>();
  const open = new Set<string>();
  const farewells = new WeakSet<JSONRPCMessage>();
  let order = 0;
  let bytes = 0;

  const drop = (id: string, { json }: Stored): void => {
    events.delete(id);
    bytes -= json.length;
  };
  return {
    async storeEvent(streamId, message) {
      order += 1;
      const id = `${order}_${streamId}`;
      if (isAnswer(message)) open.delete(streamId);
      else open.add(streamId);
      if (farewells.has(message)) return id;
      const json = JSON.stringify(message);
      events.set(id, { order, streamId, json });
      bytes += json.length;
      for (const [oldest, stored] of events) {
        if (events.size <= maxEvents && bytes <= maxBytes) break;
        drop(oldest, stored);
      }
      return id;
    },
    isOver(lastEventId) {
      const streamId = streamOf(lastEventId);
      if (streamId === undefined || open.has(streamId)) return false;
      const after = Number.parseInt(lastEventId, 10);
      for (const stored of events.values())
        if (stored.streamId === streamId && stored.order > after) return false;
      return true;
    },
    farewell(id) {
      const message = { jsonrpc: "2.0", id, error: { code: -32_800, message: "Request cancelled" } } as const;
      farewells.add(message);
      return message;
    },
    getStreamIdForEventId: async (eventId) => streamOf(eventId),
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = streamOf(lastEventId);
      if (streamId === undefined) throw new Error("Last-Event-ID names no event of this session");
      const after = Number.parseInt(lastEventId, 10);
      for (const [id, stored] of events) {
        if (stored.streamId !== streamId || stored.order <= after) continue;
        const message: unknown = JSON.parse(stored.json);
        // What was stored as a message, parsed; a stream's opening event is empty and not sent again.
        if (!isEmpty(message)) await send(id, message as JSONRPCMessage);
      }
      return streamId;
    },
  };
}

function streamOf(eventId: string): string | undefined {
  return /^\d+_(.+)$/.exec(eventId)?.[1];
}

function isAnswer(message: JSONRPCMessage): boolean {
  return "result" in message || "error" in message;
}

function isEmpty(message: unknown): boolean {
  return typeof message !== "object" || message === null || Object.keys(message).length === 0;
}
