import { setTimeout as sleep } from "node:timers/promises";
import { endingOf } from "@parley/core";
import { protocolError } from "./_errors.ts";
import { discard, mediaType, readEvents } from "./_http.ts";
import type { HttpAnswer, HttpAsk } from "./_http.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { defaultRetryMs } from "./_legacy-stream.ts";
import { parseMessages } from "./_messages.ts";
import { createEventReader } from "./_sse.ts";
import type { JsonObject } from "./json.ts";

interface StandingOptions {
  readonly peer: HttpPeer;
  readonly open: (deadline: Pick<HttpAsk, "ending" | "aside">, lastEventId?: string) => Promise<HttpAnswer>;
  readonly hear: (message: JsonObject) => void;
  /** Aborted when the session ends. */
  readonly ended: AbortSignal;
  /** The peer forgot the session. */
  readonly lost: (reason: Error) => void;
}

const maxBackoffMs = 30_000;

/** Waits without keeping the process alive. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false });

/** Keeps the GET stream of a session open, on which a legacy peer tells what belongs to no call. */
export function standingStream(options: StandingOptions): AbortController {
  const { peer, open, hear, ended, lost } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([ended, stop.signal]);
  let lastId: string | undefined;
  let retryMs = defaultRetryMs;

  /** Reads one stream to its end; whether another is worth opening. */
  const readOne = async (): Promise<"ended" | "refused"> => {
    const answer = await open({ ending: endingOf(signal), aside: (work) => work }, lastId);
    const reader = createEventReader();
    try {
      if (answer.statusCode === 404) lost(protocolError(peer, "forgot the session"));
      if (answer.statusCode !== 200 || mediaType(answer) !== "text/event-stream") return "refused";
      for await (const { data } of readEvents(peer, answer, reader)) {
        for (const message of data === "" ? [] : parseMessages(data)) hear(message);
      }
      return "ended";
    } finally {
      discard(answer);
      lastId = reader.lastId() ?? lastId;
      retryMs = reader.retryMs() ?? retryMs;
    }
  };

  const keep = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      const outcome = await readOne().catch(() => "failed" as const);
      if (outcome === "refused" || signal.aborted) return;
      failures = outcome === "failed" ? failures + 1 : 0;
      await pause(Math.min(retryMs * 2 ** failures, Math.max(maxBackoffMs, retryMs)), signal);
    }
  };
  // A wait that is ended rejects; there is nobody to tell.
  keep().catch(() => {});
  return stop;
}
