/**
 * Reads a Slurm time limit: `30`, `30:00`, `12:00:00`, `1-0`, `1-12:00`, `1-00:00:00`. A bare number is minutes.
 * @returns seconds; `undefined` for `infinite`, `UNLIMITED`, `NONE`, `n/a` and anything else
 */
export function parseSlurmSeconds(text: string): number | undefined {
  const match = /^(?:(\d{1,6})-)?(\d{1,8})(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [days, first, second, third] = match
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  if (first === undefined) return undefined;
  if (days !== undefined) return days * 86_400 + first * 3600 + (second ?? 0) * 60 + (third ?? 0);
  if (second === undefined) return first * 60;
  return third === undefined ? first * 60 + second : first * 3600 + second * 60 + third;
}

const two = (amount: number): string => String(Math.floor(amount)).padStart(2, "0");

/** Prints seconds as `D-HH:MM:SS`. */
export function formatSlurmSeconds(seconds: number): string {
  return `${Math.floor(seconds / 86_400)}-${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

/**
 * Reads the time stamps Slurm prints, which carry no zone.
 * @param utc - whether the command ran with `TZ=UTC`; else they are in this machine's zone.
 */
export function parseSlurmTime(text: string | undefined, utc: boolean): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const milliseconds = Date.parse(utc ? `${text}Z` : text);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
