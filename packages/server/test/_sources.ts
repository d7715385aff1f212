import { createRegistry, defineEvents, type EventSink, type Registry } from "@parley/tool-registry";
import { z } from "zod";

/** A source a test drives by hand: the sinks it was given, in order of subscription. */
export function handSource(name = "bell") {
  const sinks: EventSink[] = [];
  const source = defineEvents({
    name,
    description: "Rings when told to.",
    input: z.object({ tone: z.string().default("low") }),
    capabilities: ["ring"],
    subscribe({ tone }, sink) {
      sinks.push({ ...sink, emit: (data) => sink.emit({ tone, data }) });
    },
  });
  const sink = (index = 0): EventSink => {
    const found = sinks[index];
    if (found === undefined) throw new Error(`Nobody subscribed ${index}.`);
    return found;
  };
  return { source, sinks, sink };
}

export function eventRegistry(...sources: Parameters<Registry["addEvents"]>[0][]): Registry {
  const registry = createRegistry();
  for (const source of sources) registry.addEvents(source);
  return registry;
}
