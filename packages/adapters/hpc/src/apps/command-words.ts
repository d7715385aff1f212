import { ParleyError } from "@parley/core";

/**
 * The words of a command line as a POSIX shell would split it. Nothing is expanded and nothing is run.
 * @throws `E_ARGUMENT_INVALID` when a quote is left open
 */
export function commandWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: "'" | '"' | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (character === "\\" && quote !== "'") {
      at += 1;
      word = (word ?? "") + (line[at] ?? "");
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined)
    throw new ParleyError("E_ARGUMENT_INVALID", "A quote of the command is left open.");
  return word === undefined ? words : [...words, word];
}
