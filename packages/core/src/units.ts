/** Seconds in a minute, hour, day and week, by the spellings people use. */
const durationUnits: Readonly<Record<string, number>> = {
  s: 1, sec: 1, secs: 1, second: 1, seconds: 1,
  m: 60, min: 60, mins: 60, minute: 60, minutes: 60,
  h: 3600, hr: 3600, hrs: 3600, hour: 3600, hours: 3600,
  d: 86_400, day: 86_400, days: 86_400,
  w: 604_800, week: 604_800, weeks: 604_800,
}; // prettier-ignore

/** Bytes in one GiB: Parley reads GB in a request as GiB, as schedulers do. */
export const bytesPerGib = 2 ** 30;

/**
 * Reads `90s`, `30m`, `2 hours`, `1h30m`, `1.5h`, `HH:MM:SS`, `MM:SS` or `D-HH:MM:SS`.
 * @returns whole seconds; `undefined` when the text is no duration. A bare number is seconds.
 */
export function parseDurationSeconds(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  const clock = /^(?:(\d+)-)?(\d+):(\d{2})(?::(\d{2}))?$/.exec(trimmed);
  if (clock) {
    const [, days, first, second, third] = clock.map((part) =>
      part === undefined ? undefined : Number(part),
    );
    const head = Number(first);
    const tail = Number(second);
    if (third !== undefined) return (days ?? 0) * 86_400 + head * 3600 + tail * 60 + third;
    return days === undefined ? head * 60 + tail : days * 86_400 + head * 3600 + tail * 60;
  }
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed));
  let seconds = 0;
  const rest = trimmed.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*/g, (whole, amount: string, unit: string) => {
    const factor = durationUnits[unit];
    if (factor === undefined) return whole;
    seconds += Number(amount) * factor;
    return "";
  });
  return rest === "" && trimmed !== "" ? Math.round(seconds) : undefined;
}

/** Prints seconds as people say them: `45s`, `12m`, `3h 20m`, `2d 4h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  return shown.length === 0 ? "0s" : shown.map(([amount, unit]) => `${amount}${unit}`).join(" ");
}

/** Prints bytes in the largest binary unit that keeps it at or above one: `512 MiB`, `1.5 TiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 2 ** (10 * power);
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))} ${units[power]}`;
}
