import { isoTime } from "@parley/core";

/** ISO time of Unix nanoseconds; `undefined` for 0, Nomad's "never". The last digits are lost before this sees them. */
export function nanosecondTime(nanoseconds: number): string | undefined {
  return nanoseconds > 0 && nanoseconds < 8.64e21 ? isoTime(Math.floor(nanoseconds / 1e6)) : undefined;
}

/** Nomad's RFC 3339 time; `undefined` for Go's year 1 and for what is no time. */
export function knownTime(text: string): string | undefined {
  const milliseconds = Date.parse(text);
  return milliseconds > 0 ? isoTime(milliseconds) : undefined;
}

/** Whole nanoseconds, Nomad's unit for durations. */
export function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1000) * 1_000_000;
}
