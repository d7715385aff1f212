import type { SoftwareRequirement } from "@parley/core";

type Op = NonNullable<SoftwareRequirement["op"]>;

const versionNumber = "(?:r(?=20\\d\\d[ab]|\\d{1,2}(?![\\w])))?\\d{1,8}(?:[._-]?[a-z0-9]{1,12}){0,6}";
const compared = "(?:version |v\\.? ?|release |stable |stable release )?";
const signs: Readonly<Record<string, Op>> = {
  ">=": ">=",
  "<=": "<=",
  "==": "==",
  "=": "==",
  ">": ">",
  "<": "<",
  "~": "~",
  "~=": "~",
  "@": "~",
  "/": "~",
  "@=": "==",
};
const words: readonly (readonly [RegExp, Op])[] = [
  [/^(?:at least|no older than|not older than|minimum|min|from)/, ">="],
  [/^(?:at most|up to|no newer than|not newer than|maximum|max)/, "<="],
  [/^(?:newer than|later than|above|after|greater than|more recent than)/, ">"],
  [/^(?:older than|before|below|earlier than|less than)/, "<"],
  [/^(?:exactly|precisely|strictly)/, "=="],
];
const said =
  "at least|no older than|not older than|minimum|min|at most|up to|no newer than|not newer than|maximum|max|newer than|later than|above|after|greater than|more recent than|older than|before|below|earlier than|less than|exactly|precisely|strictly";
const behind =
  "\\+|,? or (?:newer|later|higher|above|greater|better|up|more recent|older|earlier|lower|below)|,? and (?:newer|later|above|up|older|earlier)| only";

/**
 * The source of a pattern for a version behind a name: ` 2.1`, ` version >= 2022.4`, `@1.5`, ` (== 7.0)`,
 * ` v2.1 or newer`. No groups.
 */
export const versionBehind = `(?!,? \\d{1,4}(?![\\w.]) ?-?(?:licen[cs]es?|seats?|tokens?|users?|copies|inputs?|files?|cases|steps|points|replicas?))(?!, ?\\d{1,4}(?![\\w.]) [a-z])(?:[@/]=?v?|-v?(?=\\d{1,4}(?:\\.|$|[ ,;)]))|=?=|,? ?\\(?(?:in )?(?:version |v\\.? ?|release |versions? )?(?:(?:must be|is|of|:) ?)?(?:(?:${said}) |[<>]=? ?|==? ?|~=? ?)?(?:${compared}))${versionNumber}(?:\\.[x*])?(?![\\w]|\\.\\d)\\)?(?:${behind})?(?:\\))?`;

const exactly = new RegExp(`(${versionNumber})(\\.[x*])?\\)?(${behind})?\\)?$`, "i");

/** Operator and version of words that {@link versionBehind} matched; a bare version matches by prefix. */
export function readVersion(matched: string | undefined): { op: Op; version: string } | undefined {
  if (matched === undefined) return undefined;
  const found = exactly.exec(matched);
  const [whole, digits] = found ?? [];
  if (!found || whole === undefined || digits === undefined) return undefined;
  const version = digits.replace(/\.x$/i, "");
  const after = found[3]?.toLowerCase() ?? "";
  if (/older|earlier|lower|below/.test(after)) return { op: "<=", version };
  if (after !== "" && !after.includes("only")) return { op: ">=", version };
  const before = matched
    .slice(0, found.index)
    .toLowerCase()
    .replace(/[()]|version(?:s)?|stable|release|must be|\bis\b|\bof\b|:|\bv\.?(?= ?$)|\bin\b|^,/g, " ")
    .trim();
  const sign = signs[before.replace(/v$/, "").trim()];
  const op = words.find(([pattern]) => pattern.test(before))?.[1];
  return { op: sign ?? op ?? (after.includes("only") ? "==" : "~"), version };
}

/** Whether the words in front of a version compare it or call it one: enough to take the name for software. */
export function isStrongVersion(matched: string): boolean {
  return /[<>=~@]|version|\bv\d|release|older|newer|later/.test(matched);
}
