import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";

/** A number of a report; 0 where there is none. */
export function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** The state as a word, with why where something is wrong. */
export function stateOf({ state, reason }: Open): string {
  const word = text(state) ?? "unknown";
  const why = text(reason);
  return why === undefined || word === "ready" ? word : `${word}: ${why}`;
}

/** How a state is coloured; the word says it too. */
export function tintOf({ state }: Open): string {
  if (state === "ready") return "good";
  return state === "disabled" || state === "connecting" ? "quiet" : "bad";
}

export function latencyOf({ latency }: Open): string {
  if (!isOpen(latency)) return "–";
  return `${milliseconds(latency["p50Ms"])} / ${milliseconds(latency["p95Ms"])}`;
}

export function milliseconds(value: unknown): string {
  const given = count(value);
  if (given >= 10_000) return `${(given / 1000).toFixed(1)} s`;
  return given >= 10 ? `${Math.round(given)} ms` : `${Math.round(given * 10) / 10} ms`;
}

/** How long ago a time was, roughly. */
export function since(time: unknown, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(text(time) ?? "")) / 1000));
  if (Number.isNaN(seconds)) return "";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function outcomeOf(call: Open): string {
  return [text(call["outcome"]), text(call["code"])].filter(Boolean).join(" · ");
}
