import type { Range } from "@parley/core";

/** A whole number as people write it: `16`, `1,024`, `10k`. */
export const count = "(?:\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,15})(?!\\d)k?";
/** A number that may have a fraction. */
export const amount = "(?:\\d{1,3}(?:,\\d{3}){1,3}|\\d{1,15})(?:\\.\\d{1,6})?(?!\\d)";
/** Not inside a word, a number, a product, a sum of money or behind a minus sign. */
export const fresh = "(?<![\\w.,$€£@/^-])(?<!(?:^|[\\s(])\\d{1,6} ?[x*] ?)(?<!minus )(?<!negative )";

const least =
  "at least|at the very least|at minimum|(?:a |the )?minimum(?: of)?|min\\.?|(?:no|not) (?:fewer|less) than|>= ?|upwards? of|preferably at least";
const most =
  "at most|at the most|up to|upto|(?:no|not|never) more than|(?:a |the )?maximum(?: of)?|max\\.?(?! ?1[15][05]0\\b)|<= ?|as many as|limited to|not exceeding|not to exceed|not over";
const above = "more than|greater than|in excess of|> ?";
const below = "fewer than|less than|smaller than|under|below|< ?";
const about =
  "about|around|roughly|approximately|approx\\.?|circa|ca\\.?|some|~ ?|exactly|precisely|just|only|(?:a )?total of|all of|== ?|= ?";

/** Words before a number that bound it. */
export const bound = `(?:${[least, most, above, below, about].join("|")})`;
const after =
  "or more|or greater|or above|or better|or higher|or fewer|or less|or lower|minimum|maximum|at minimum|at maximum|at least|at most|at max|and up|and above|upwards|tops|max|min";

const leastOnly = new RegExp(`^(?:${least})$`);
const mostOnly = new RegExp(`^(?:${most})$`);
const aboveOnly = new RegExp(`^(?:${above})$`);
const belowOnly = new RegExp(`^(?:${below})$`);
const leastAfter = /more|greater|above|better|higher|min|least|up/;

/** A written whole number; `undefined` when it is beyond what a count can be. */
export function readCount(words: string | undefined): number | undefined {
  if (words === undefined) return undefined;
  const digits = Number(words.replaceAll(",", "").replace("k", "000"));
  return Number.isSafeInteger(digits) && digits > 0 ? digits : undefined;
}

/** A written number above zero; `undefined` when it is none. */
export function readAmount(words: string | undefined): number | undefined {
  if (words === undefined) return undefined;
  const value = Number(words.replaceAll(",", ""));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** How a number is bounded by the words around it. */
export function boundOf(
  before: string | undefined,
  behind: string | undefined,
): "min" | "max" | "above" | "below" | "exact" {
  const words = before?.trim() ?? "";
  if (leastOnly.test(words)) return "min";
  if (mostOnly.test(words)) return "max";
  if (aboveOnly.test(words)) return "above";
  if (belowOnly.test(words)) return "below";
  if (behind === undefined || behind === "") return "exact";
  return behind === "+" || leastAfter.test(behind) ? "min" : "max";
}

/**
 * The source of a pattern for a counted noun with bounds and ranges: `at least 3 nodes`, `2-4 nodes`, `16+ nodes`.
 * It captures seven groups for {@link readQuantity}: opening, bound, number, joint, number, plus and, behind the
 * noun's own groups, the bound behind.
 */
export function quantity(noun: string): string {
  return `${fresh}(?:(between|from|anywhere from|anywhere between) )?(?:(${bound}) ?)?${fresh}(${count})(?:( ?- ?| to | and | or | through |,? (?:but|and) (?:no more than|not more than|at most|up to) )(${count}))?(\\+| plus| or more| or fewer| or less)?(?: ?x)?[ -]?(?:${noun})(?![\\w-]|\\.\\d)(?: \\(?(${after})\\b\\)?)?`;
}

/**
 * Reads the groups of {@link quantity} that start at `first`; `nounGroups` counts the groups inside its noun.
 * `undefined` when the numbers make no range.
 */
export function readQuantity(
  groups: readonly (string | undefined)[],
  first = 1,
  nounGroups = 0,
): Range | undefined {
  const [opening, before, low, joint, high, plus] = groups.slice(first, first + 6);
  const behind = groups[first + 6 + nounGroups];
  const lower = readCount(low);
  if (lower === undefined) return undefined;
  if (high !== undefined) return readPair({ opening, lower, joint, upper: readCount(high) });
  if (opening === "from") return { min: lower };
  return boundedBy(boundOf(before, plus?.trim() ?? behind), lower);
}

interface Pair {
  readonly opening: string | undefined;
  readonly lower: number;
  readonly joint: string | undefined;
  readonly upper: number | undefined;
}

function readPair({ opening, lower, joint, upper }: Pair): Range | undefined {
  if (upper === undefined || upper < lower) return undefined;
  if (joint === " and " && !opening?.includes("between")) return undefined;
  return { min: lower, max: upper };
}

function boundedBy(side: ReturnType<typeof boundOf>, value: number): Range | undefined {
  if (side === "min") return { min: value };
  if (side === "max") return { max: value };
  if (side === "above") return { min: value + 1 };
  if (side === "below") return value > 1 ? { max: value - 1 } : undefined;
  return { min: value, max: value };
}
