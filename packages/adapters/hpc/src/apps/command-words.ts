import { ParleyError } from "@parley/core";

const word = /(?:\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s"'\\])+/gs;
const piece = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs;

/**
 * The words of a command line as a POSIX shell would split it. Nothing is expanded and nothing is run.
 * @throws `E_ARGUMENT_INVALID` when a quote is left open
 */
export function commandWords(line: string): readonly string[] {
  if (line.replaceAll(word, "").trim() !== "") {
    throw new ParleyError("E_ARGUMENT_INVALID", "A quote of the command is left open.");
  }
  return (line.match(word) ?? []).map((text) => text.replaceAll(piece, (whole) => unquoted(whole)));
}

function unquoted(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  const inside = text.startsWith('"') ? text.slice(1, -1) : text;
  return inside.replaceAll(/\\(.)/gs, "$1");
}
