/** The longest stretch of a remote or requested text that is repeated in an answer. */
const longestText = 240;

/** One line of printable ASCII with single spaces: most texts, and much cheaper to tell than to clean. */
const cleanLine = /^[!-~]+(?: [!-~]+)*$/;

/** Makes untrusted text fit for one line of an answer: no control characters, bounded length. */
export function clip(text: string, length: number = longestText): string {
  if (text.length <= length && cleanLine.test(text)) return text;
  const line = text
    .slice(0, length * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 3)}...`;
}

/** `1 node`, `3 nodes`. */
export function count(amount: number, noun: string): string {
  const shown = Number.isInteger(amount) ? String(amount) : String(Number(amount.toFixed(2)));
  return `${shown} ${noun}${amount === 1 ? "" : "s"}`;
}

/** `a, b and c`; more than `most` items end in how many were left out. */
export function list(items: readonly string[], most = 6): string {
  const shown = items.slice(0, most).map((item) => clip(item, 120));
  const rest = items.length - shown.length;
  return rest > 0
    ? `${shown.join(", ")} and ${rest} more`
    : shown.length < 2
      ? shown.join("")
      : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

/** Letters and digits only, lower case: `Open MPI` and `openmpi` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9+]/g, "");
}
