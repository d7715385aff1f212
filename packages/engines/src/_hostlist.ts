/** Most names one expression may expand to. */
const maxNames = 10_000;

function splitOutsideBrackets(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of text) {
    if (character === "[") depth += 1;
    if (character === "]") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(current);
      current = "";
    } else current += character;
  }
  return [...parts, current].filter((part) => part !== "");
}

function expandRange(range: string): string[] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
  const first = match?.[1];
  if (first === undefined) return [];
  const start = Number(first);
  const length = Math.min(Number(match?.[2] ?? first) - start + 1, maxNames);
  return Array.from({ length: Math.max(0, length) }, (_, index) =>
    String(start + index).padStart(first.length, "0"),
  );
}

function expandOne(pattern: string): string[] {
  const match = /^([^[\]]*)\[([^[\]]*)\](.*)$/s.exec(pattern);
  if (!match) return [pattern];
  const [, prefix = "", ranges = "", rest = ""] = match;
  const tails = expandOne(rest);
  const names: string[] = [];
  for (const number of ranges.split(",").flatMap(expandRange)) {
    for (const tail of tails) {
      if (names.length >= maxNames) return names;
      names.push(`${prefix}${number}${tail}`);
    }
  }
  return names;
}

/**
 * Expands `cpu[01-03,7],gpu0` into host names, at most 10 000.
 * @see Flux RFC 29; Slurm's hostlists are the same but for rare forms
 */
export function expandHostlist(text: string): string[] {
  return splitOutsideBrackets(text).flatMap(expandOne).slice(0, maxNames);
}
