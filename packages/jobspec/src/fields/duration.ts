/** Reads a clock whose last part is seconds: `SS`, `MM:SS`, `HH:MM:SS`, `DD:HH:MM:SS`. PBS, Torque and Moab. */
export function readClock(text: string): number | undefined {
  if (!/^\d{1,9}(?::\d{1,4}){0,3}(?:\.\d+)?$/.test(text)) return undefined;
  const factors = [1, 60, 3600, 86_400];
  const parts = text.split(":").map(Number).toReversed();
  return Math.ceil(parts.reduce((sum, part, index) => sum + part * (factors[index] ?? 0), 0));
}

/** Reads a clock whose first part is hours: `HH`, `HH:MM`, `HH:MM:SS`. OAR. */
export function readHoursFirst(text: string): number | undefined {
  const [hours, minutes = 0, seconds = 0, ...more] = text.split(":").map(Number);
  if (!/^\d+(?::\d+){0,2}$/.test(text) || hours === undefined || more.length > 0) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Reads minutes, or `HH:MM:SS`. Cobalt. */
export function readMinutesOrClock(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 60;
  return /^\d+:\d+:\d+$/.test(text) ? readClock(text) : undefined;
}

/** Reads `[hours:]minutes`, ignoring the host after a slash. LSF. */
export function readHoursMinutes(text: string): number | undefined {
  const match = /^(?:(\d+):)?(\d+)(?:\/.*)?$/.exec(text);
  return match === null ? undefined : Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60;
}

/** Reads `M`, `M:S`, `H:M:S`, `D-H`, `D-H:M`, `D-H:M:S`; `0` for no limit. Slurm. */
export function readSlurmTime(text: string): number | undefined {
  if (/^(?:unlimited|infinite)$/i.test(text)) return 0;
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [days, first, second, third] = match
    .slice(1)
    .map((part) => (part === undefined ? part : Number(part)));
  const [head = 0, middle = 0, tail = 0] = [first, second, third];
  if (days !== undefined) return days * 86_400 + head * 3600 + middle * 60 + tail;
  if (third !== undefined) return head * 3600 + middle * 60 + tail;
  return head * 60 + middle;
}

const fluxUnits: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads a Flux Standard Duration (RFC 23); a bare number is in `bareSeconds`. `0` and `inf` for no limit. */
export function readFluxDuration(text: string, bareSeconds: number): number | undefined {
  if (/^inf(?:inity)?$/i.test(text)) return 0;
  const match = /^(\d+(?:\.\d*)?|\.\d+)(ms|[smhd])?$/.exec(text);
  if (match === null) return undefined;
  const factor = match[2] === undefined ? bareSeconds : (fluxUnits[match[2]] ?? 1);
  return Math.ceil(Number(match[1]) * factor);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Prints `HH:MM:SS`, hours without a limit. */
export function writeClock(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Prints `D-HH:MM:SS`, without days where there are none. Slurm. */
export function writeSlurmTime(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  return days === 0 ? writeClock(seconds) : `${days}-${writeClock(seconds % 86_400)}`;
}

/** Prints `HH:MM`, rounded up to the minute. LSF. */
export function writeHoursMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Prints the largest unit that divides: `90s`, `30m`, `2h`, `3d`. Flux. */
export function writeFluxDuration(seconds: number): string {
  const [unit, factor] = (
    [
      ["d", 86_400],
      ["h", 3600],
      ["m", 60],
    ] as const
  ).find(([, size]) => seconds % size === 0) ?? ["s", 1];
  return `${seconds / factor}${unit}`;
}
