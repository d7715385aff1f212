const around = 40;
const maxExcerpt = 160;

/** A piece of text around a match, in which everything that is not seen is written out, such as `<U+200B>`. */
export function excerptOf(text: string, index: number, length: number): string {
  const from = Math.max(0, index - around);
  const to = Math.min(text.length, index + Math.min(length, maxExcerpt - 2 * around) + around);
  return `${from > 0 ? "…" : ""}${visible(text.slice(from, to))}${to < text.length ? "…" : ""}`;
}

/** Writes out controls, format characters, variation selectors, fillers, and lone halves of pairs. */
export function visible(text: string): string {
  return text.replaceAll(
    /\u034F|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu,
    (sign) => (sign === "\n" || sign === "\t" ? " " : `<U+${hex(sign)}>`),
  );
}

function hex(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
