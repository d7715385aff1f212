import { toParleyError } from "@parley/core";
import { type EventSink, type EventSource, defineEvents } from "@parley/tool-registry";
import { z } from "zod";
import { Namespace } from "./arguments.ts";
import { openCall } from "./call.ts";
import type { NomadClient } from "./client.ts";
import { type EventRequest, EventTopic, followEvents } from "./events.ts";
import type { NomadOptions } from "./options.ts";

/** Options of {@link nomadEvents}. */
export interface NomadEventsOptions extends NomadOptions {
  /** Put before the source's name; default none. */
  readonly prefix?: string | undefined;
}

/**
 * Nomad's event stream as a source of events, `nomad-events`. It connects again where the stream breaks and goes on after
 * the last index; Nomad keeps few events, so `{ reconnected: true }` tells a reader who must miss nothing to list again.
 */
export function nomadEvents(options: NomadEventsOptions = {}, nomad?: NomadClient): EventSource {
  return defineEvents({
    name: `${options.prefix ?? ""}nomad-events`,
    description:
      "What happens to Nomad's jobs, allocations, evaluations, deployments and nodes, as it happens.",
    capabilities: ["topics", "resume"],
    input: z.object({
      topics: z
        .array(EventTopic)
        .min(1)
        .max(20)
        .default(["Job", "Allocation"])
        .describe('Topics, each with an optional key, for example: ["Job:web"]'),
      namespace: Namespace,
      after: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe("Index to go on after, of an event before; for example: 42"),
    }),
    async subscribe(request, sink) {
      const call = openCall({ ...options, signal: sink.signal }, nomad);
      // It runs until the subscription ends, and says itself when it cannot go on.
      void deliver(call, request, sink);
    },
  });
}

async function deliver(
  call: ReturnType<typeof openCall>,
  request: EventRequest,
  sink: EventSink,
): Promise<void> {
  try {
    for await (const { events, reconnected } of followEvents(call, request)) {
      if (reconnected) sink.emit({ reconnected });
      for (const event of events) sink.emit(event);
    }
  } catch (error) {
    if (!sink.signal.aborted) sink.fail(toParleyError(error));
  }
}
