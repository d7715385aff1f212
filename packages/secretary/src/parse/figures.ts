/** What stands behind an amount of money. */
const money = "€|\\$|£|(?:euros?|eur|usd|gbp|dollars?|bucks|pounds?)\\b";
const unit = "(?:cores?|nodes?|gpus?|cpus?|tasks?|ranks?|node-hours|core-hours|gpu-hours)\\b";

/** The sources of patterns for figures written with signs or in groups; `measure` are units of size and time. */
export function figurePatterns(measure: string): readonly string[] {
  return [
    `(?<![\\w.,/^-])(?:(?<whole>\\d{1,3}) )?(?<top>\\d{1,2})/(?<bottom>[1-9]\\d?)(?: of an?)?(?= ?-?(?:${measure})\\b)`,
    `(?<![\\w.,^-])(?<base>\\d{1,3})\\^(?<exponent>\\d{1,2})(?= ?[a-z])`,
    `(?<![\\w.,])\\.(?<tenths>\\d{1,2})(?= ?-?(?:${measure})\\b)`,
    `(?<![\\w.,'-])(?<grouped>\\d{1,3}(?:'\\d{3}){1,4}|\\d{1,3}(?:\\.\\d{3}){1,4},\\d{1,2}|\\d{1,3}(?:\\.\\d{3}){2,4})(?![\\w']|[.,]\\d)`,
    `(?<![\\w.,'-])(?<!\\d )(?<spaced>\\d{1,3}(?: \\d{3}){1,4}(?:[.,]\\d{1,2})?)(?= ?(?:${money}))`,
    `(?<=[€$£] ?)(?<signed>\\d{1,3}(?: \\d{3}){1,4}(?:[.,]\\d{1,2})?)(?![\\w]|[.,]\\d)`,
    `(?<![\\w.,'-])(?<thousands>\\d{1,3}(?: \\d{3}){0,3} 000)(?= ?-?(?:${unit}))`,
    `(?<![\\w.,'-])(?:(?:an?|one) )?(?<fortnight>fortnight)\\b`,
  ];
}

/** The figure in plain digits, of the groups that {@link figurePatterns} captured; nothing if none did. */
export function readFigure(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { whole, top, bottom, base, exponent, tenths, fortnight } = groups;
  if (top !== undefined) return plain(Number(whole ?? 0) + Number(top) / Number(bottom));
  if (base !== undefined) return plain(Number(base) ** Number(exponent));
  if (tenths !== undefined) return `0.${tenths}`;
  if (fortnight !== undefined) return "14 days";
  const grouped = groups["grouped"] ?? groups["spaced"] ?? groups["signed"] ?? groups["thousands"];
  const [, digits, cents] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(grouped ?? "") ?? [];
  if (grouped === undefined || digits === undefined) return undefined;
  return `${digits.replace(/[ '.]/g, "")}${cents === undefined ? "" : `.${cents}`}`;
}

/** Digits without an exponent. */
function plain(value: number): string {
  return Number.isSafeInteger(value)
    ? String(value)
    : value < 1e6
      ? String(Number(value.toFixed(4)))
      : "1e99";
}
