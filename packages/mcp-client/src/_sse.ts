/** One event of a text/event-stream, as far as MCP uses it. */
export interface StreamEvent {
  /** Empty for an event that only carries an id. */
  readonly data: string;
  readonly id?: string | undefined;
}

/** Cuts a text/event-stream into events. */
export interface EventReader {
  /** The events a chunk completes. */
  push(chunk: Uint8Array): StreamEvent[];
  /** The id of the last event that had one. */
  lastId(): string | undefined;
  /** How long the peer asks to wait before a reconnection. */
  retryMs(): number | undefined;
  /** Bytes of the event that is not complete. */
  pending(): number;
}

interface Fields {
  data: string[];
  id: string | undefined;
}

/** The longest wait before a reconnection that a peer may ask for. */
const maxRetryMs = 60_000;

/** Starts at the beginning of a stream. */
export function createEventReader(): EventReader {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let fields: Fields = { data: [], id: undefined };
  let pending = 0;
  let lastId: string | undefined;
  let retryMs: number | undefined;

  const takeField = (line: string): void => {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") fields.data.push(value);
    if (name === "id" && !value.includes("\0")) fields.id = value;
    if (name === "retry" && /^\d{1,9}$/.test(value)) retryMs = Math.min(Number(value), maxRetryMs);
  };

  const takeEvent = (): StreamEvent | undefined => {
    const { data, id } = fields;
    fields = { data: [], id: undefined };
    pending = 0;
    if (id !== undefined) lastId = id === "" ? undefined : id;
    return data.length > 0 || id !== undefined ? { data: data.join("\n"), id } : undefined;
  };

  return {
    lastId: () => lastId,
    retryMs: () => retryMs,
    pending: () => pending,
    push(chunk) {
      pending += chunk.byteLength;
      const lines = decoder.decode(chunk, { stream: true }).split("\n");
      const events: StreamEvent[] = [];
      for (const [index, part] of lines.entries()) {
        pieces.push(part);
        if (index === lines.length - 1) break;
        const joined = pieces.join("");
        pieces = [];
        const line = joined.endsWith("\r") ? joined.slice(0, -1) : joined;
        const event = line === "" ? takeEvent() : undefined;
        if (line !== "") takeField(line);
        if (event) events.push(event);
      }
      return events;
    },
  };
}
