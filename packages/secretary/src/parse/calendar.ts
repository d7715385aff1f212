import { readZone, zoneName } from "./zones.ts";

/** A moment of a day; `undefined` minutes of day mean the day's end. */
export interface DayTime {
  readonly minutes?: number | undefined;
  /** Days from today, when the request says which day. */
  readonly days?: number | undefined;
  /** 0 is Sunday. */
  readonly weekday?: number | undefined;
  /** `next Friday` is never today. */
  readonly next?: boolean | undefined;
  /** The zone the words name; default the request's. */
  readonly timeZone?: string | undefined;
  readonly date?:
    | { readonly year?: number | undefined; readonly month: number; readonly day: number }
    | undefined;
}

interface Zone {
  readonly now: number;
  readonly timeZone: string;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a moment, as if it were UTC. */
function wallClock(moment: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    }); // prettier-ignore
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(moment).map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moment at which a zone's wall clock shows `wall`. */
function momentOf(wall: number, timeZone: string): number {
  const first = wall - (wallClock(wall, timeZone) - wall);
  return first - (wallClock(first, timeZone) - wall);
}

function startOfDay(at: DayTime, today: number): number | undefined {
  if (at.date) {
    const { month, day } = at.date;
    const year = at.date.year ?? new Date(today).getUTCFullYear();
    const start = Date.UTC(year, month - 1, day);
    if (new Date(start).getUTCDate() !== day) return undefined;
    return at.date.year === undefined && start < today ? Date.UTC(year + 1, month - 1, day) : start;
  }
  if (at.weekday !== undefined) {
    const ahead = (at.weekday - new Date(today).getUTCDay() + 7) % 7;
    return today + (ahead === 0 && at.next === true ? 7 : ahead) * dayMs;
  }
  return today + (at.days ?? 0) * dayMs;
}

/**
 * The next moment that fits, as ISO-8601 UTC. A day without an hour means its end; an hour that has passed
 * today means tomorrow, unless the request says which day.
 */
export function resolveDayTime(at: DayTime, zone: Zone): string | undefined {
  const timeZone = at.timeZone ?? zone.timeZone;
  const wallNow = wallClock(zone.now, timeZone);
  const start = startOfDay(at, wallNow - (wallNow % dayMs));
  if (start === undefined) return undefined;
  const free = at.days === undefined && at.date === undefined;
  let wall = start + (at.minutes ?? 1440) * 60_000;
  if (free && wall <= wallNow) wall += at.weekday === undefined ? dayMs : 7 * dayMs;
  const moment = momentOf(wall, timeZone);
  return Number.isFinite(moment) ? new Date(moment).toISOString() : undefined;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const monthName = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?";
const weekdayName = "(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?)(?:day)?";
const hour =
  "(?:\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[ap]\\.?m\\.?)?(?: ?(?:utc|z|hours|h))?|\\d{1,2} ?[ap]\\.?m\\b\\.?|\\d{1,2} o'?clock|(?<=(?:today|tomorrow|tonight|day|until) (?:at )?)[012]?\\dh(?:[0-5]\\d)?|noon|midday|midnight)";
const part = "(?:morning|afternoon|evening|night)";
const day = `(?:today|tonight|tomorrow(?: ${part})?|this ${part}|(?:this |next |on )?${weekdayName}(?: ${part})?|\\d{4}-\\d{2}-\\d{2}|(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${monthName}(?:,? \\d{4}(?![:\\d]))?|${monthName} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?|(?:the )?(?:end of (?:the )?(?:day|week)|eod|cob|close of business))`;

/** The source of a pattern for a moment: `18:00 today`, `tomorrow 9am`, `Friday`, `2026-11-22T12:00`. No groups. */
export const moment = `(?:(?:at )?${hour}(?:,? (?:on )?${day})?|${day}(?:(?:,? (?:at |by )?|t)${hour})?)(?: ?${zoneName})?(?![\\w/-])`;

const partMinutes: Readonly<Record<string, number>> = {
  morning: 540,
  afternoon: 1080,
  evening: 1260,
  night: 1440,
};

function readMinutes(words: string): number | undefined {
  const clock =
    /(\d{1,2}):(\d{2})(?::\d{2})?(?: ?([ap])\.?m)?/.exec(words) ??
    /(?<![-\d])(\d{1,2})()(?: ?([ap])\.?m\b| o'?clock|h\b)/.exec(words) ??
    /(?<![-\d])(\d{1,2})h(\d{2})\b/.exec(words);
  if (clock) {
    const [, hours, minutes, half] = clock;
    const base = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === "p" ? 12 : 0);
    const total = base * 60 + Number(minutes);
    return Number(hours) <= 24 && Number(minutes) < 60 && total <= 1440 ? total : Number.NaN;
  }
  if (/noon(?!\w)|midday/.test(words) && !words.includes("afternoon")) return 720;
  if (words.includes("midnight")) return 1440;
  if (/cob|close of business/.test(words)) return 1020;
  const named = Object.keys(partMinutes).find((name) => words.includes(name));
  return named === undefined ? undefined : partMinutes[named];
}

function readDate(words: string): DayTime["date"] {
  const iso = /(\d{4})-(\d{2})-(\d{2})/.exec(words);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) };
  const name = new RegExp(
    `\\b(?:(\\d{1,2})(?:st|nd|rd|th)?(?: of)? )?(${monthName})(?: (\\d{1,2})(?!\\d)(?:st|nd|rd|th)?)?(?:,? (\\d{4})(?![:\\d]))?`,
  ).exec(words);
  const month = months.indexOf(name?.[2]?.slice(0, 3) ?? "");
  const number = Number(name?.[1] ?? name?.[3]);
  if (month < 0 || !Number.isInteger(number)) return undefined;
  return { year: name?.[4] === undefined ? undefined : Number(name[4]), month: month + 1, day: number };
}

/** Reads words that the {@link moment} pattern matched. `undefined` when no such hour or day exists. */
export function readDayTime(words: string): DayTime | undefined {
  const timeZone = readZone(words);
  if (timeZone === null) return undefined;
  const day = readDay(words);
  return day && timeZone !== undefined ? { ...day, timeZone } : day;
}

function readDay(words: string): DayTime | undefined {
  const minutes = readMinutes(words);
  if (Number.isNaN(minutes)) return undefined;
  const date = readDate(words);
  if (date) return date.month > 12 || date.month < 1 ? undefined : { minutes, date };
  if (words.includes("tomorrow")) return { minutes, days: 1 };
  if (words.includes("end of the week") || words.includes("end of week")) return { minutes, weekday: 5 };
  const name = new RegExp(`\\b(${weekdayName})\\b`).exec(words)?.[1];
  if (name !== undefined)
    return { minutes, weekday: weekdays.indexOf(name.slice(0, 3)), next: words.includes("next ") };
  if (/today|tonight|this |end of|eod|cob|close/.test(words)) return { minutes, days: 0 };
  return { minutes };
}
