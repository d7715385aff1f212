import type { Begin } from "../batch-job.ts";

/** Reads `2026-12-01`, `2026-12-01T08:30[:00]` and the form with a space. */
export function readIsoDate(text: string): Begin | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, date, hours = "00", minutes = "00", seconds = "00"] = match;
  return { at: `${date}T${hours.padStart(2, "0")}:${minutes}:${seconds}` };
}

/** Reads `CCYYMMDDhhmm[.SS]`; the shorter forms of PBS need to know today's date. */
export function readCompactDate(text: string): Begin | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hours, minutes, seconds = "00"] = match;
  return { at: `${year}-${month}-${day}T${hours}:${minutes}:${seconds}` };
}

/** Prints `CCYYMMDDhhmm.SS`. */
export const writeCompactDate = (at: string): string =>
  `${at.slice(0, 16).replaceAll(/[-T:]/g, "")}.${at.slice(17)}`;
