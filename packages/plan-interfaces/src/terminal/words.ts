import type { Question } from "@parley/plans";
import type { StepCard, StepState } from "../view.ts";

/** The sign and the colour of a state; signs are told apart without colours too. */
export const marks: Readonly<Record<StepState, readonly [sign: string, colour: string]>> = {
  waiting: ["·", "gray"],
  running: ["▶", "cyan"],
  retrying: ["↻", "yellow"],
  success: ["✔", "green"],
  failure: ["✖", "red"],
  unknown: ["?", "red"],
  other: ["✔", "green"],
};

const control = /\p{Cc}+/gu;

/** The text with a space in place of what a terminal would obey. */
export const withoutControls = (text: string): string => text.replaceAll(control, " ");

/** The text in one line of so many characters, without anything a terminal would obey. */
export function oneLine(text: string, width: number): string {
  const line = withoutControls(text).trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** `3.2 s`, `4 min 5 s`. */
export function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** How long a step took, or has taken by now. */
export function elapsed({ startedAt, endedAt, metrics }: StepCard, now: number): string {
  if (startedAt !== undefined) return seconds((endedAt ?? now) - startedAt);
  return metrics === undefined ? "" : seconds(metrics.durationMs);
}

/** What a step has last done, in one line. */
export function latest({ lines, progress, error, state, event, next }: StepCard): string {
  if (error !== undefined && state !== "running") return error.message;
  if (next !== undefined && event !== "success" && event !== "failure") return `${event ?? ""} → ${next}`;
  if (state !== "running") return "";
  const last = lines.at(-1);
  const part =
    progress === undefined
      ? ""
      : `${progress.done}${progress.total === undefined ? "" : ` of ${progress.total}`} `;
  if (last === undefined) return part.trim();
  const verb = { prompt: "asking", reply: "says", call: "calling", result: "answer of", progress: "" }[
    last.kind
  ];
  return `${part}${verb} ${last.tool ?? ""} ${last.text}`.trim();
}

/** What may be typed. */
export function hint({ options, free, initial }: Question): string {
  if (options === undefined) return initial === undefined ? "Enter sends it." : `Enter alone: ${initial}.`;
  return free === true
    ? "Arrows choose, Enter sends; or write an answer of your own."
    : "Arrows or a number choose, Enter sends.";
}
