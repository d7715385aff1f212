/** A word of a command line and where it stands. */
export interface Token {
  /** The word without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits a command line at spaces, keeping quoted words whole. Positions count from the start of `line` plus `base`. */
export function tokenise(line: string, base = 0): Token[] {
  const tokens: Token[] = [];
  for (const match of line.matchAll(/(?:[^\s"']{1,4096}|"[^"\n]{0,4096}"|'[^'\n]{0,4096}'|["'])+/g)) {
    const start = base + match.index;
    const text = match[0].replace(/"([^"]{0,4096})"|'([^']{0,4096})'/g, "$1$2");
    tokens.push({ text, start, end: start + match[0].length });
  }
  return tokens;
}

/** One option of a command line: its name, its value if it takes one, and where it stands. */
export interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads options in front of a program: `-N 2`, `-N2`, `--nodes=2`, `--nodes 2`.
 * @param flags - names of options without a value.
 * @returns the options and the index of the first token that is none.
 */
export function readOptions(
  tokens: readonly Token[],
  flags: ReadonlySet<string>,
): { options: Option[]; rest: number } {
  const options: Option[] = [];
  let index = 0;
  while (index < tokens.length) {
    const token = tokens[index];
    if (!token || !/^-{1,2}[a-zA-Z]/.test(token.text)) break;
    const [, name = "", joined, attached] =
      /^(--?[a-zA-Z][\w-]*)=([^]*)$/.exec(token.text) ??
      /^(--[a-zA-Z][\w-]*)()()$/.exec(token.text) ??
      splitShort(token.text);
    const next = tokens[index + 1];
    const value = joined || attached || undefined;
    if (value !== undefined || flags.has(name) || !next || /^-[a-zA-Z-]/.test(next.text)) {
      options.push({ name, value, start: token.start, end: token.end });
      index += 1;
    } else {
      options.push({ name, value: next.text, start: token.start, end: next.end });
      index += 2;
    }
  }
  const end = tokens[index];
  return { options, rest: end?.text === "--" ? index + 1 : index };
}

/** `-N2` is `-N` with 2; `-np` and `-ppn` are names of their own. */
function splitShort(text: string): readonly (string | undefined)[] {
  const attached = /^(-[a-zA-Z])(\d[\w:.,-]*)$/.exec(text);
  return attached ? [text, attached[1], undefined, attached[2]] : [text, text];
}
