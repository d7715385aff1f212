import type { Clock } from "@parley/core";
import type { Registry } from "@parley/tool-registry";
import { createEventResources, createEventTools } from "./event-tools.ts";
import type { EventLimits } from "./limits.ts";
import { createSubscriptions } from "./subscriptions.ts";

export interface ServeEventsOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly limits?: EventLimits | undefined;
}

const origin = "event tools";
const sweepMs = 30_000;

/**
 * Serves the event tools while the registry has a source of events.
 * @returns the function that ends every subscription and takes the tools away
 */
export function serveEvents({ registry, clock, limits = {} }: ServeEventsOptions): () => void {
  const subscriptions = createSubscriptions({ registry, clock, limits });
  const items = () => ({
    tools: createEventTools(registry, subscriptions),
    resources: createEventResources(subscriptions),
  });
  let served = false;
  const settle = (): void => {
    subscriptions.sweep();
    const wanted = registry.events.length > 0;
    if (wanted === served) return;
    registry.replace(origin, wanted ? items() : {});
    served = wanted;
  };
  settle();
  const stopListening = registry.onChange((change) => {
    if (change === "events") settle();
  });
  const sweeper = setInterval(() => subscriptions.sweep(), sweepMs).unref();
  return () => {
    clearInterval(sweeper);
    stopListening();
    subscriptions.close();
    registry.remove(origin);
  };
}
