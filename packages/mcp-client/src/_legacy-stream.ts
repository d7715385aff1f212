import { setTimeout as sleep } from "node:timers/promises";
import { protocolError } from "./_errors.ts";
import { discard, mediaType, readEvents } from "./_http.ts";
import type { HttpAnswer } from "./_http.ts";
import type { HttpPeer } from "./_http-peer.ts";
import type { McpRequest } from "./_link.ts";
import { parseMessages } from "./_messages.ts";
import { createEventReader } from "./_sse.ts";
import type { EventReader } from "./_sse.ts";
import type { JsonObject } from "./json.ts";

interface StreamReading {
  readonly isAnswer: (message: JsonObject) => boolean;
  readonly hear: (message: JsonObject) => void;
  /** Opens the stream again after the event of that id. */
  readonly resume: (lastEventId: string) => Promise<HttpAnswer>;
  readonly request: McpRequest;
}

/** The wait before a reconnection when the peer names none. */
export const defaultRetryMs = 1000;
/** How often a stream that gave nothing new is opened again. */
const maxResumptions = 5;

async function readOnce(
  peer: HttpPeer,
  answer: HttpAnswer,
  { reader, isAnswer, hear }: Pick<StreamReading, "isAnswer" | "hear"> & { readonly reader: EventReader },
): Promise<JsonObject | undefined> {
  for await (const { data } of readEvents(peer, answer, reader)) {
    if (data === "") continue;
    const messages = parseMessages(data);
    if (messages.length === 0) throw protocolError(peer, "sent an event that is no JSON object");
    for (const message of messages) if (!isAnswer(message)) hear(message);
    const found = messages.find(isAnswer);
    if (found) return found;
  }
  return undefined;
}

/**
 * Reads a stream up to the answer of its request. A stream that ends or breaks before is opened again with the id of
 * its last event, where it had one; the wait is the peer's `retry`.
 */
export async function readStream(
  peer: HttpPeer,
  first: HttpAnswer,
  { isAnswer, hear, resume, request }: StreamReading,
): Promise<JsonObject> {
  const { signal } = request.deadline;
  const early = (): Error => protocolError(peer, `ended its answer to ${request.what} before the result`);
  let answer = first;
  let seen: string | undefined;
  let retryMs: number | undefined;
  for (let idle = 0; idle < maxResumptions;) {
    const reader = createEventReader();
    let broken: unknown;
    try {
      const found = await readOnce(peer, answer, { reader, isAnswer, hear });
      if (found) return found;
    } catch (error) {
      broken = error;
    } finally {
      discard(answer);
    }
    const lastId = reader.lastId() ?? seen;
    if (lastId === undefined || signal.aborted || isOurFault(broken)) throw broken ?? early();
    idle = lastId === seen ? idle + 1 : 0;
    seen = lastId;
    retryMs = reader.retryMs() ?? retryMs;
    await sleep(retryMs ?? defaultRetryMs, undefined, { signal });
    answer = await resume(lastId);
    const usable = answer.statusCode === 200 && mediaType(answer) === "text/event-stream";
    if (!usable) {
      discard(answer);
      throw broken ?? early();
    }
  }
  throw early();
}

/** An error made here for what the peer sent, as opposed to one of the network. */
function isOurFault(error: unknown): boolean {
  return error instanceof Error && error.name === "ParleyError";
}
