/** What a rule found in one text. */
export interface Match {
  readonly rule: string;
  /** Where it begins, in UTF-16 units. */
  readonly index: number;
  readonly length: number;
  /** What it says to whom it was hidden from; default the text itself, made visible. */
  readonly meaning?: string | undefined;
}

/** Looks for one kind of trick. */
export interface Rule {
  readonly id: string;
  /** One clause: what it finds. */
  readonly finds: string;
  /** Whether it reads words, which only texts for a model have, and no patterns or references. */
  readonly isOfWords: boolean;
  find(text: string): readonly Omit<Match, "rule">[];
}

/** Matches of one rule in one text that are told. */
const maxMatches = 3;

/** A rule that is a pattern. */
export function patternRule(parts: {
  readonly id: string;
  readonly finds: string;
  readonly pattern: RegExp;
  readonly isOfWords?: boolean | undefined;
  /** Passes a match over. */
  readonly isFine?: ((match: RegExpExecArray, text: string) => boolean) | undefined;
  readonly meaning?: ((found: string) => string) | undefined;
}): Rule {
  const { id, finds, pattern, isOfWords = false, isFine = () => false, meaning } = parts;
  return {
    id,
    finds,
    isOfWords,
    find(text) {
      const found: Omit<Match, "rule">[] = [];
      for (const match of text.matchAll(pattern)) {
        if (isFine(match, text)) continue;
        const said = meaning?.(match[0]);
        found.push({
          index: match.index,
          length: match[0].length,
          ...(said === undefined ? {} : { meaning: said }),
        });
        if (found.length >= maxMatches) break;
      }
      return found;
    },
  };
}
