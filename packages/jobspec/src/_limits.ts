import { ParleyError } from "@parley/core";
import { unreadable } from "./_fault.ts";

/** Longest source, in characters. */
export const maxTextLength = 1_048_576;
/** Most lines of a source. */
export const maxLines = 50_000;

// oxlint-disable-next-line no-control-regex -- the characters no script has and no terminal should see
const forbidden = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;

/**
 * Bounds a source and gives it one kind of line end.
 * @throws ParleyError `E_JOBSPEC_TOO_LARGE`, or `E_JOBSPEC_INVALID` for a control or text-direction character.
 */
export function cleanText(text: string): string {
  if (text.length > maxTextLength) {
    throw new ParleyError(
      "E_JOBSPEC_TOO_LARGE",
      `The job has ${text.length} characters and at most ${maxTextLength} are read: move its data into files.`,
    );
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.length > maxLines) {
    throw new ParleyError(
      "E_JOBSPEC_TOO_LARGE",
      `The job has ${lines.length} lines and at most ${maxLines} are read: move its data into files.`,
    );
  }
  const bad = lines.findIndex((line) => forbidden.test(line) || line.includes("\r"));
  if (bad >= 0) {
    throw unreadable("A control character hides what this line does: remove it.", bad + 1);
  }
  return lines.join("\n");
}
