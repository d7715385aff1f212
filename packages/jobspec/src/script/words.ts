import { unreadable } from "../_fault.ts";

/** How a scheduler splits a directive into words. */
export interface WordRules {
  /** Slurm: a backslash escapes inside single quotes too, and `#` begins a comment even inside a word. */
  readonly slurm?: boolean | undefined;
}

interface Scan {
  readonly words: string[];
  word: string | undefined;
  quote: string | undefined;
}

const escapesNext = (scan: Scan, next: string | undefined, rules: WordRules): boolean => {
  if (next === undefined) return false;
  if (rules.slurm === true || scan.quote === undefined) return true;
  return scan.quote === '"' && ['"', "\\", "$", "`"].includes(next);
};

function endWord(scan: Scan): void {
  if (scan.word !== undefined) scan.words.push(scan.word);
  scan.word = undefined;
}

/** Takes one character outside quotes; answers how many it used, 0 at a comment. */
function plainStep(scan: Scan, char: string, rules: WordRules): number {
  if (char === "'" || char === '"') {
    scan.quote = char;
    scan.word ??= "";
  } else if (/\s/.test(char)) endWord(scan);
  else if (char === "#" && (rules.slurm === true || scan.word === undefined)) return 0;
  else scan.word = (scan.word ?? "") + char;
  return 1;
}

/** Takes one character, or a backslash and what it escapes; answers how many, 0 at a comment. */
function step(scan: Scan, text: string, options: { at: number; rules: WordRules }): number {
  const { at, rules } = options;
  const char = text[at] ?? "";
  const next = text[at + 1];
  const literal = scan.quote === "'" && rules.slurm !== true;
  if (char === "\\" && !literal && escapesNext(scan, next, rules)) {
    scan.word = (scan.word ?? "") + (next ?? "");
    return 2;
  }
  if (scan.quote === undefined) return plainStep(scan, char, rules);
  if (char === scan.quote) scan.quote = undefined;
  else scan.word = (scan.word ?? "") + char;
  return 1;
}

/**
 * Splits the text of a directive into words: quotes, backslashes, a comment at the end.
 * @throws ParleyError `E_JOBSPEC_INVALID` when a quote is not closed.
 */
export function splitWords(text: string, line: number, rules: WordRules = {}): string[] {
  const scan: Scan = { words: [], word: undefined, quote: undefined };
  for (let at = 0; at < text.length;) {
    const used = step(scan, text, { at, rules });
    if (used === 0) break;
    at += used;
  }
  if (scan.quote !== undefined) throw unreadable(`The quote ${scan.quote} is not closed.`, line);
  endWord(scan);
  return scan.words;
}

/** Quotes a word for `sh`, and for schedulers that split directives as `sh` does. */
export function quoteForShell(value: string): string {
  return /^[\w@%+=:,./[\]{}^~-]+$/.test(value) && !value.startsWith("~")
    ? value
    : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a value for an `#SBATCH` line. */
export function quoteForSlurm(value: string): string {
  return /^[\w@%+=:,./[\]{}^~&|()*!-]+$/.test(value)
    ? value
    : `"${value.replace(/["\\]/g, String.raw`\$&`)}"`;
}
