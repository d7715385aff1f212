import type { SoftwareRequirement } from "@parley/core";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Compares two versions part by part, numbers as numbers, missing parts as 0, letters after numbers of the same
 * place (`1.0rc1` follows `1.0`). Dates compare across spellings: `20220623`, `2022.6.23`, `23Jun2022`.
 * @returns negative, zero or positive, as a sort wants it.
 */
export function compareVersions(left: string, right: string): number {
  const [first, second] = [parts(left), parts(right)];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const difference = comparePart(first[index] ?? 0, second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `have` fits `op want`; `~` is a prefix: `~ 2.1` accepts 2.1 and 2.1.7 but not 2.10. */
export function satisfiesVersion(
  op: NonNullable<SoftwareRequirement["op"]>,
  have: string,
  want: string,
): boolean {
  if (op === "~") return hasPrefix(parts(have), parts(want));
  const order = compareVersions(have, want);
  if (op === "==") return order === 0;
  if (op === ">=") return order >= 0;
  if (op === "<=") return order <= 0;
  return op === ">" ? order > 0 : order < 0;
}

type Part = number | string;

function hasPrefix(have: readonly Part[], want: readonly Part[]): boolean {
  return want.every((part, index) => comparePart(have[index] ?? 0, part) === 0);
}

function comparePart(left: Part, right: Part): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "number") return -1;
  if (typeof right === "number") return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A version as numbers and words; build metadata after `+` does not order. */
function parts(version: string): readonly Part[] {
  const text = version
    .slice(0, 200)
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, "")
    .replace(/\+.*$/, "");
  return dateParts(text) ?? (text.match(/\d+|[a-z]+/g) ?? []).map((part) => toPart(part));
}

function toPart(part: string): Part {
  return /^\d/.test(part) ? Number(part) : part;
}

/** Year, month, day when the text starts as a date does; what follows (`.2`, `_update1`) stays. */
function dateParts(text: string): readonly Part[] | undefined {
  const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)(.*)$/.exec(text);
  const named = /^(\d{1,2})[-_ .]?([a-z]{3})[a-z]*[-_ .]?((?:19|20)\d{2})(?!\d)(.*)$/.exec(text);
  const [year, month, day, rest] = compact
    ? [Number(compact[1]), Number(compact[2]), Number(compact[3]), compact[4]]
    : named
      ? [Number(named[3]), months.indexOf(named[2] ?? "") + 1, Number(named[1]), named[4]]
      : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return [year, month, day, ...((rest ?? "").match(/\d+|[a-z]+/g) ?? []).map((part) => toPart(part))];
}
