/** One event as it was delivered, with its place in the subscription. */
export interface KeptEvent {
  /** Counts from 1 within its subscription. */
  readonly seq: number;
  /** ISO-8601 UTC. */
  readonly time: string;
  readonly data: unknown;
}

/** The last events of one subscription, bounded by count and by bytes of JSON. */
export interface Ring {
  push(event: KeptEvent, bytes: number): void;
  /** Events after a sequence number, oldest first. */
  after(seq: number): readonly KeptEvent[];
  /** How many events after a sequence number are no longer there. */
  droppedAfter(seq: number): number;
  readonly lastSeq: number;
}

/** Creates an empty ring. One event larger than `maxBytes` is counted and not kept. */
export function createRing(maxEvents: number, maxBytes: number): Ring {
  const kept: { readonly event: KeptEvent; readonly bytes: number }[] = [];
  let bytesKept = 0;
  let lastSeq = 0;
  return {
    push(event, bytes) {
      lastSeq = event.seq;
      kept.push({ event, bytes });
      bytesKept += bytes;
      while (kept.length > maxEvents || bytesKept > maxBytes) bytesKept -= kept.shift()?.bytes ?? 0;
    },
    after: (seq) => kept.filter(({ event }) => event.seq > seq).map(({ event }) => event),
    droppedAfter(seq) {
      const wanted = Math.max(0, lastSeq - seq);
      return wanted - kept.filter(({ event }) => event.seq > seq).length;
    },
    get lastSeq() {
      return lastSeq;
    },
  };
}
