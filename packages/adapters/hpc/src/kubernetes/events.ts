import { type EventSource, defineEvents } from "@parley/tool-registry";
import { ParleyError } from "@parley/core";
import { setTimeout as delay } from "node:timers/promises";
import { openCall } from "../call.ts";
import type { HpcOptions } from "../options.ts";
import { kubectlOf } from "./client.ts";
import { WatchParameters, watchObjects, watchSelection } from "./watch.ts";

/** A source of events for what happens to the objects of a cluster. Nothing runs before somebody subscribes. */
export function kubernetesEvents(options: HpcOptions = {}, prefix = ""): EventSource {
  return defineEvents({
    name: `${prefix}kubernetes_events`,
    description:
      "What happens to pods, jobs and other objects of a Kubernetes cluster: by default when one has ended or is gone. " +
      "What there is already when one subscribes is told first.",
    capabilities: ["watch", "filter"],
    tags: ["kubernetes"],
    input: WatchParameters,
    async subscribe(params, sink) {
      const call = openCall({ ...options, signal: sink.signal });
      const kubectl = kubectlOf(call);
      // A cluster that is not there or says no is told to the subscriber and not to the void.
      await kubectl.read(["get", ...watchSelection(params), "--chunk-size=1", "--output=name"], {
        signal: sink.signal,
        timeoutMs: 9000,
      });
      const sleep = options.sleep ?? pause;
      void deliver(watchObjects(params, { kubectl, signal: sink.signal, sleep }), sink);
    },
  });
}

async function deliver(
  events: AsyncIterable<unknown>,
  sink: { emit(data: unknown): void; fail(error: unknown): void; readonly signal: AbortSignal },
): Promise<void> {
  try {
    for await (const event of events) sink.emit(event);
  } catch (error) {
    if (sink.signal.aborted) return;
    sink.fail(
      ParleyError.isInstance(error)
        ? error
        : new ParleyError("E_ENGINE_OUTPUT", "The watch broke.", { cause: error }),
    );
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
