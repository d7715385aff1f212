import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server";

/** Most events and bytes kept for one session; the oldest go first. */
const maxEvents = 100;
const maxBytes = 256 * 1024;

interface Stored {
  readonly order: number;
  readonly streamId: string;
  readonly json: string;
}

/** Keeps the last events of one session's streams, so that a client whose connection broke can go on where it was. */
export function createEventStore(): EventStore {
  const events = new Map<string, Stored>();
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
      const json = JSON.stringify(message);
      events.set(id, { order, streamId, json });
      bytes += json.length;
      for (const [oldest, stored] of events) {
        if (events.size <= maxEvents && bytes <= maxBytes) break;
        drop(oldest, stored);
      }
      return id;
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

function isEmpty(message: unknown): boolean {
  return typeof message !== "object" || message === null || Object.keys(message).length === 0;
}
