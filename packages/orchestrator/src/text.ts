import { ParleyError, toParleyError } from "@parley/core";
import { redact } from "@parley/exec";

/** The most characters of feedback and messages that reach the queue. */
const longest = 4000;

/** Our own words, which may quote others: no control characters, not too long. */
export function plain(text: string, limit = longest): string {
  const clean = text
    .slice(0, 4 * limit)
    .replaceAll(/[^\P{Cc}\n\t]/gu, " ")
    .trim();
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1)}…`;
}

/** Text from outside, fit to be stored and shown: as {@link plain}, and without secrets. */
export function tidy(text: string, limit = longest): string {
  return plain(redact(text.slice(0, 4 * limit)), limit);
}

/** An error's message: our own say no secrets, others' may. */
export function messageOf(error: unknown): string {
  return ParleyError.isInstance(error) ? plain(error.message) : tidy(toParleyError(error).message);
}

/** A result as text: text as it is, anything else as JSON. */
export function asText(output: unknown): string {
  return typeof output === "string" ? output : (JSON.stringify(output) ?? "null");
}
