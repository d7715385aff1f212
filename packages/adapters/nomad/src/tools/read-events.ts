import { z } from "zod";
import { Namespace, TimeoutSeconds } from "../arguments.ts";
import { EventTopic, NomadEvent, readEventBatch } from "../events.ts";
import { operation } from "../operation.ts";

/** Reads the event stream for a while. */
export const readEvents = operation({
  name: "read_events",
  description: "Reads Nomad's event stream for some seconds: what happens to jobs, allocations, nodes.",
  toolset: "cluster",
  route: { method: "GET", path: "/api/events" },
  effect: "read",
  input: z.strictObject({
    topics: z
      .array(EventTopic)
      .min(1)
      .max(20)
      .default(["Job", "Allocation"])
      .describe('Topics, each with an optional key, for example: ["Job:web"]'),
    namespace: Namespace,
    cursor: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Index to go on after: cursor of the answer before; for example: 42"),
    max_events: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(50)
      .describe("Events of one answer, for example: 50"),
    timeout_seconds: TimeoutSeconds,
  }),
  output: z.object({ events: z.array(NomadEvent), cursor: z.number().optional() }),
  run: (args, call) => readEventBatch(call, args),
  say: ({ events }) =>
    events.map(({ index, topic, type, key }) => `${String(index)} ${topic} ${type} ${key}`).join("\n") ||
    "(nothing happened)",
});
