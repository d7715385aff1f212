import type { EventSource } from "@parley/tool-registry";
import { createFileWatch, type FileWatchOptions } from "./file-watch.ts";
import { createTimer } from "./timer.ts";

/** Options of {@link createEvents}. */
export interface EventsOptions extends FileWatchOptions {
  /** Put before each source's name; default none. */
  readonly prefix?: string | undefined;
}

/** What an adapter offers to a registry: `registry.replace(origin, toolkit)`. */
export interface Toolkit {
  readonly origin: string;
  readonly events: readonly EventSource[];
}

/** Both sources of events, `timer` and `file-watch`. */
export function createEvents({ prefix = "", ...options }: EventsOptions = {}): Toolkit {
  const events = [createTimer(), createFileWatch(options)];
  return {
    origin: "@parley/events",
    events: events.map((source) => ({ ...source, name: prefix + source.name })),
  };
}

/** The timer by its defaults, for `--event @parley/events#timer`. */
export const timer: EventSource = createTimer();

/** The file watch confined to the working directory, for `--event @parley/events#fileWatch`. */
export const fileWatch: EventSource = createFileWatch();
