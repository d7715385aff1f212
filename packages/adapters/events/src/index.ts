/** Example event sources: a timer and a file watch. */

export { createEvents, fileWatch, timer } from "./events.ts";
export type { EventsOptions, Toolkit } from "./events.ts";
export { createFileWatch } from "./file-watch.ts";
export type { FileWatchOptions } from "./file-watch.ts";
export { createTimer } from "./timer.ts";
export type { TimerOptions } from "./timer.ts";
