import { isoTime, ParleyError, toParleyError, type Clock } from "@parley/core";
import type { CallSession, EventSink, EventSource } from "@parley/tool-registry";
import { createRing, type KeptEvent } from "./ring.ts";

/** One subscription of one caller. */
export interface Subscription {
  readonly id: string;
  /** Session or caller it belongs to; nobody else may read or end it. */
  readonly owner: string;
  readonly provider: string;
  /** Whether it belongs to a session, which then decides how long it lives. */
  readonly inSession: boolean;
  /** Aborts when it ends. */
  readonly ended: AbortSignal;
  /** Epoch milliseconds of the last read by its owner. */
  readonly readAt: number;
  /** What `events://ID` holds. */
  read(after: number): EventPage;
  end(reason: ParleyError): void;
}

/** A page of `events://ID`. */
export interface EventPage {
  readonly subscription_id: string;
  readonly provider: string;
  readonly status: "active" | "ended";
  /** Why it ended. */
  readonly message?: string | undefined;
  /** Pass as `after` to read on from here. */
  readonly last_seq: number;
  /** Events since `after` that are no longer kept. */
  readonly dropped: number;
  readonly events: readonly KeptEvent[];
}

export interface SubscriptionOptions {
  readonly id: string;
  readonly owner: string;
  readonly source: EventSource;
  readonly params: Readonly<Record<string, unknown>>;
  readonly session?: CallSession | undefined;
  readonly clock: Clock;
  readonly keepEvents: number;
  readonly keepBytes: number;
  readonly startTimeoutMs: number;
  /** Called, at most once in a short while, when there is something new to read. */
  readonly onNews: () => void;
}

/** Notifications on their way to one client; beyond it events are only kept for reading. */
const maxInFlight = 256;

/** Starts a subscription. @throws what its source throws, or `E_MCP_TIMEOUT` when that does not start in time */
export async function openSubscription(options: SubscriptionOptions): Promise<Subscription> {
  const { id, owner, source, params, session, clock } = options;
  const stop = new AbortController();
  const ring = createRing(options.keepEvents, options.keepBytes);
  const deliver = session === undefined ? () => undefined : deliverTo(session, { id, provider: source.name });
  let ended: ParleyError | undefined;
  let readAt = clock.now();

  const end = (reason: ParleyError): void => {
    if (ended !== undefined) return;
    ended = reason;
    stop.abort(reason);
    options.onNews();
  };
  const sink: EventSink = {
    signal: stop.signal,
    emit(data) {
      if (ended !== undefined) return;
      const text = jsonText(data);
      if (text === undefined) {
        sink.fail(new ParleyError("E_TOOL_FAILED", `"${source.name}" emitted what JSON cannot hold.`));
        return;
      }
      const event = { seq: ring.lastSeq + 1, time: isoTime(clock.now()), data: JSON.parse(text) as unknown };
      const bytes = Buffer.byteLength(text);
      ring.push(event, bytes);
      if (bytes <= options.keepBytes) deliver(event.data);
      options.onNews();
    },
    fail(thrown) {
      const error = toParleyError(thrown, "E_TOOL_FAILED");
      if (ended === undefined) deliver({ error: error.toJSON() });
      end(error);
    },
  };
  try {
    await startInTime(source, { params, sink, timeoutMs: options.startTimeoutMs });
    stop.signal.throwIfAborted();
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return {
    id,
    owner,
    provider: source.name,
    inSession: session !== undefined,
    ended: stop.signal,
    get readAt() {
      return readAt;
    },
    read(after) {
      readAt = clock.now();
      return {
        subscription_id: id,
        provider: source.name,
        status: ended === undefined ? "active" : "ended",
        ...(ended === undefined ? {} : { message: ended.message }),
        last_seq: ring.lastSeq,
        dropped: ring.droppedAfter(after),
        events: ring.after(after),
      };
    },
    end,
  };
}

/** Sends events to a session as log messages: the client asked for them, so no level holds them back. */
function deliverTo(
  session: CallSession,
  { id, provider }: { readonly id: string; readonly provider: string },
): (data: unknown) => void {
  let inFlight = 0;
  return (data) => {
    if (inFlight >= maxInFlight) return;
    inFlight += 1;
    const params = { level: "info", logger: provider, data: { subscription_id: id, provider, data } };
    void session.notify("notifications/message", params).finally(() => {
      inFlight -= 1;
    });
  };
}

/** A source emits from callbacks of its own, where an exception would end the process. */
function jsonText(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch {
    return undefined;
  }
}

interface Start {
  readonly params: Readonly<Record<string, unknown>>;
  readonly sink: EventSink;
  readonly timeoutMs: number;
}

async function startInTime(source: EventSource, { params, sink, timeoutMs }: Start): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `Event source "${source.name}" did not start within ${timeoutMs} ms.`;
    timer = setTimeout(() => reject(new ParleyError("E_MCP_TIMEOUT", message)), timeoutMs);
  });
  try {
    await Promise.race([source.subscribe(params, sink), late]);
  } finally {
    clearTimeout(timer);
  }
}
