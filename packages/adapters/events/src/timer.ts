import { type Clock, isoTime, systemClock } from "@parley/core";
import { defineEvents, type EventSource } from "@parley/tool-registry";
import { z } from "zod";

/** Options of {@link createTimer}. */
export interface TimerOptions {
  readonly clock?: Clock | undefined;
}

/** A source that emits `{ tick, time }` at an interval. */
export function createTimer({ clock = systemClock }: TimerOptions = {}): EventSource {
  return defineEvents({
    name: "timer",
    description: "Emits at a fixed interval.",
    capabilities: ["interval"],
    input: z.object({
      every_seconds: z
        .number()
        .min(0.05)
        .max(86_400)
        .default(60)
        .describe("Seconds between two events, for example: 60"),
      count: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe("How many events, for example: 10; absent is no limit"),
    }),
    subscribe({ every_seconds: seconds, count = Infinity }, sink) {
      let tick = 0;
      const interval = setInterval(() => {
        tick += 1;
        sink.emit({ tick, time: isoTime(clock.now()) });
        if (tick >= count) clearInterval(interval);
      }, seconds * 1000).unref();
      sink.signal.addEventListener("abort", () => clearInterval(interval), { once: true });
    },
  });
}
