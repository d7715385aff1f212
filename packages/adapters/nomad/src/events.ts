import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "./call.ts";

/** A topic with an optional key. Never all topics: that takes a management token. */
export const EventTopic = z
  .string()
  .regex(
    /^(?:Job|Allocation|Evaluation|Deployment|Node|NodePool|Service)(?::[^\s\p{Cc}]{1,512})?$/u,
    "names no topic",
  )
  .describe("Topic, for example: Job:web");

/** Something that happened. */
export const NomadEvent = z.object({
  index: z.number(),
  topic: z.string(),
  type: z.string(),
  key: z.string(),
  namespace: z.string(),
  /** Status words of what it is about, where it has any. */
  status: z.string().optional(),
});
export type NomadEvent = z.infer<typeof NomadEvent>;

const Status = z.object({
  Job: z.object({ Status: z.string() }).nullish(),
  Allocation: z.object({ ClientStatus: z.string() }).nullish(),
  Evaluation: z.object({ Status: z.string() }).nullish(),
  Deployment: z.object({ Status: z.string() }).nullish(),
  Node: z.object({ Status: z.string() }).nullish(),
});

const Frame = z.object({
  Index: z.number().nullish(),
  Events: z
    .array(
      z.object({
        Topic: z.string(),
        Type: z.string(),
        Key: z.string().nullish(),
        Namespace: z.string().nullish(),
        Payload: Status.nullish().catch(undefined),
      }),
    )
    .nullish(),
});

/** Which events to follow. */
export interface EventRequest {
  readonly topics: readonly string[];
  readonly namespace?: string | undefined;
  /** The last index seen; the stream goes on after it. */
  readonly after?: number | undefined;
}

const maxLineBytes = 8 * 1024 * 1024;
const watchdogMs = 75_000;

/**
 * Follows the event stream until the call's signal aborts, connecting again where it breaks. Nomad keeps few
 * events: after `reconnected` a reader that must miss nothing lists again.
 * @throws `E_ENGINE_FORBIDDEN` and other errors that trying again cannot mend
 */
export async function* followEvents(
  call: Call,
  request: EventRequest,
): AsyncGenerator<{ readonly events: readonly NomadEvent[]; readonly reconnected: boolean }> {
  let { after } = request;
  let failures = 0;
  for (let connection = 0; !call.signal.aborted; connection++) {
    let reconnected = connection > 0;
    try {
      for await (const frame of readFrames(call, { ...request, after })) {
        failures = 0;
        const events = frameEvents(frame);
        if (events.length === 0 && !reconnected) continue;
        after = Math.max(after ?? 0, frame.Index ?? 0);
        yield { events, reconnected };
        reconnected = false;
      }
    } catch (error) {
      if (call.signal.aborted) return;
      if (!ParleyError.isInstance(error) || error.code !== "E_ENGINE_UNREACHABLE") throw error;
    }
    failures += 1;
    if (call.signal.aborted) return;
    await call.sleep(Math.min(30_000, 250 * 2 ** Math.min(failures, 7))).catch((error: unknown) => {
      if (!call.signal.aborted) throw error;
    });
  }
}

/** Events until there are enough or time is up, and where to go on. */
export async function readEventBatch(
  call: Call,
  args: {
    readonly topics: readonly string[];
    readonly namespace?: string | undefined;
    readonly cursor?: number | undefined;
    readonly max_events: number;
    readonly timeout_seconds: number;
  },
): Promise<{ events: NomadEvent[]; cursor?: number }> {
  const timeout = AbortSignal.timeout(args.timeout_seconds * 1000);
  const signal = AbortSignal.any([call.signal, timeout]);
  const events: NomadEvent[] = [];
  let connected = false;
  const stream = readFrames(
    { ...call, signal },
    { topics: args.topics, namespace: args.namespace, after: args.cursor },
  );
  try {
    for await (const frame of stream) {
      connected = true;
      // A frame is kept whole: the cursor cannot point into one.
      events.push(...frameEvents(frame));
      if (events.length >= args.max_events) break;
    }
  } catch (error) {
    // A stream that breaks ends the batch: the cursor says where to go on.
    if (call.signal.aborted || !(timeout.aborted || connected)) throw error;
  }
  const cursor = events.at(-1)?.index ?? args.cursor;
  return { events, ...(cursor === undefined ? {} : { cursor }) };
}

async function* readFrames(call: Call, request: EventRequest): AsyncGenerator<z.infer<typeof Frame>> {
  // Nomad beats every 30 s; silence means the connection is gone.
  const watchdog = new AbortController();
  let timer = setTimeout(() => watchdog.abort(), watchdogMs);
  const stream = call.nomad.stream({
    path: ["event", "stream"],
    query: {
      topic: request.topics,
      ...(request.after === undefined ? {} : { index: request.after + 1 }),
    },
    namespace: request.namespace,
    signal: AbortSignal.any([call.signal, watchdog.signal]),
    timeoutMs: 2 ** 31 - 1,
    doing: "follow the event stream",
    needs: "read-job (node:read for Node)",
  });
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of stream) {
      clearTimeout(timer);
      timer = setTimeout(() => watchdog.abort(), watchdogMs);
      rest += decoder.decode(chunk, { stream: true });
      if (rest.length > maxLineBytes)
        throw new ParleyError("E_ENGINE_OUTPUT", "An event of Nomad has no end.");
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield parseFrame(line);
    }
  } catch (error) {
    if (watchdog.signal.aborted && !call.signal.aborted) {
      throw new ParleyError("E_ENGINE_UNREACHABLE", "The event stream fell silent.", { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function parseFrame(line: string): z.infer<typeof Frame> {
  try {
    return Frame.parse(JSON.parse(line));
  } catch (cause) {
    throw new ParleyError("E_ENGINE_OUTPUT", "Nomad's event stream holds a line that is no event.", {
      cause,
    });
  }
}

function frameEvents(frame: z.infer<typeof Frame>): NomadEvent[] {
  return (frame.Events ?? []).map(({ Topic, Type, Key, Namespace, Payload }) => {
    const { Job, Allocation, Evaluation, Deployment, Node } = Payload ?? {};
    const found = Job ?? Evaluation ?? Deployment ?? Node;
    const status = Allocation?.ClientStatus ?? found?.Status;
    return {
      index: frame.Index ?? 0,
      topic: Topic,
      type: Type,
      key: Key ?? "",
      namespace: Namespace ?? "",
      ...(status === undefined ? {} : { status }),
    };
  });
}
