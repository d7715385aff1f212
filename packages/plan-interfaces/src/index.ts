/** What a person sees of a run of a plan, whatever shows it: a terminal (`./terminal`) or a browser (`./web`). */

export { createRunBook } from "./run-book.ts";
export type { BookOptions, RunBook } from "./run-book.ts";
export type { BookView, Line, LogLine, RunCard, StepCard, StepState } from "./view.ts";
