import { redact } from "@parley/exec";

/** The most characters of feedback and messages that reach the queue. */
const longest = 4000;

/** Text from outside, fit to be stored and shown: no secrets, no control characters, not too long. */
export function tidy(text: string, limit = longest): string {
  const clean = redact(text.slice(0, 4 * limit))
    .replaceAll(/[^\P{Cc}\n\t]/gu, " ")
    .trim();
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1)}…`;
}

/** A result as text: text as it is, anything else as JSON. */
export function asText(output: unknown): string {
  return typeof output === "string" ? output : (JSON.stringify(output) ?? "null");
}
