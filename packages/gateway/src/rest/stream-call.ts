import { PassThrough } from "node:stream";
import type { FastifyReply } from "fastify";
import { ParleyError } from "@parley/core";
import type { KeptCall } from "../calls/call-desk.ts";
import { callDocument } from "../calls/call-document.ts";
import type { CallEvent } from "../calls/rest-call.ts";
import { acceptedTypes, prefersOverJson } from "./accept.ts";
import type { Exchange } from "./resources.ts";
import { endingOf } from "./send-outcome.ts";
import type { Serving } from "./serving.ts";

const eventStream = "text/event-stream";

/** Whether a caller wants to hear of a call while it runs. */
export function prefersEvents(accept: string | undefined): boolean {
  return accept !== undefined && prefersOverJson(acceptedTypes(accept), eventStream);
}

const keepAliveMs = 15_000;
/** What a caller may leave unread before the call is given up. */
const maxUnread = 16 * 2 ** 20;

/**
 * Sends what happens during a call as server-sent events: `progress`, `log`, `input_required`, and at last `result` or
 * `error`. With `isOwn` the call ends when its caller leaves; else the stream alone does.
 */
export function streamCall(
  { callsAddress, desk }: Serving,
  kept: KeptCall,
  { reply, isOwn }: Exchange & { readonly isOwn: boolean },
): FastifyReply {
  const { call } = kept;
  const events = createEventStream();
  const ask = (): void => events.send("input_required", JSON.stringify(callDocument(kept, callsAddress)));
  const finish = (): void => {
    if (call.outcome === undefined) return;
    const ending = endingOf(call.outcome, kept, undefined);
    if ("fault" in ending) events.send("error", JSON.stringify(ending.fault));
    else events.send("result", String(ending.answer.body));
    events.stream.end();
  };
  const stop = call.onEvent((event) => {
    if (event.type === "questions") ask();
    else if (event.type === "end") finish();
    else report(events, event);
  });
  events.stream.once("close", () => {
    stop();
    if (isOwn) desk.remove(kept.id, new ParleyError("E_INTERRUPTED", "The caller has gone away."));
  });
  if (call.questions.size > 0) ask();
  finish();
  return reply
    .type(eventStream)
    .header("cache-control", "no-store")
    .header("x-accel-buffering", "no")
    .send(events.stream);
}

interface EventStream {
  readonly stream: PassThrough;
  send(event: string, data: string): void;
}

/** Server-sent events that show they are alive, and end where nobody reads them. */
function createEventStream(): EventStream {
  const stream = new PassThrough({ highWaterMark: maxUnread });
  // A report may come after the end.
  const write = (text: string): void => {
    if (!stream.writableEnded && !stream.destroyed) stream.write(text);
    if (stream.writableLength > maxUnread) stream.destroy();
  };
  const alive = setInterval(() => write(": still here\n\n"), keepAliveMs);
  stream.once("close", () => clearInterval(alive));
  // The head leaves with the first bytes.
  write(": started\n\n");
  return {
    stream,
    send(event, data) {
      const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
      write(`event: ${event}\n${lines.join("")}\n`);
    },
  };
}

function report(events: EventStream, event: CallEvent): void {
  if (event.type === "progress") events.send("progress", JSON.stringify(event.progress));
  if (event.type !== "log") return;
  const { level, data, logger } = event;
  events.send("log", JSON.stringify({ level, data, ...(logger === undefined ? {} : { logger }) }));
}
