import { encodedRule } from "./encoded-rule.ts";
import type { Match, Rule } from "./rule.ts";
import { unseenRules } from "./unseen-rules.ts";
import { wordRules } from "./word-rules.ts";

/** Every rule that needs one text alone. */
const textRules: readonly Rule[] = [...unseenRules, ...wordRules, encodedRule];

/** Longer texts are read as far as this. */
const maxChars = 262_144;

/** What the rules find in one text. @param hasWords - whether the text is meant to be read, and is no pattern or reference */
export function scanText(text: string, hasWords = true): readonly Match[] {
  const read = text.length > maxChars ? text.slice(0, maxChars) : text;
  if (isPlain(read)) return [];
  return textRules
    .filter(({ isOfWords }) => hasWords || !isOfWords)
    .flatMap((rule) => rule.find(read).map((match) => ({ rule: rule.id, ...match })));
}

/** A name or a single short word has nothing to hide anything in. */
function isPlain(text: string): boolean {
  return text.length < shortestBlob && /^[\w.:@-]*$/.test(text) && !text.includes("id_");
}

const shortestBlob = 48;
