/** What splitting a command line into arguments came to. */
export type Tokenized =
  | { readonly ok: true; readonly argv: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const separators = /[ \t\r]/;
const operators = new Set([";", "|", "&", "<", ">", "(", ")", "`"]);
const notAShell = "Parley runs programs, not shell lines; use sh -c '...' if the site allows it";

/**
 * Splits a command line as POSIX shells quote, and expands nothing: `$HOME`, `*` and a quoted `$(id)` stay literal.
 * An unquoted operator (`;`, `|`, `&&`, `>`, `` ` ``, `$(`) is refused, since the caller would expect a shell to act on it.
 */
export function tokenizeCommand(text: string): Tokenized {
  const line = text.trim().replaceAll("\r\n", "\n");
  if (line.includes("\0")) return { ok: false, reason: "a command cannot hold a NUL character" };
  const argv: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (char === "\\" && line.charAt(at + 1) === "\n") {
      at += 2;
      continue;
    }
    const step = separators.test(char) ? undefined : readPiece(line, at);
    if (step === undefined) {
      if (word !== undefined) argv.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    if (!step.ok) return step;
    word = (word ?? "") + step.text;
    at = step.next;
  }
  if (word !== undefined) argv.push(word);
  return { ok: true, argv };
}

type Piece =
  | { readonly ok: true; readonly text: string; readonly next: number }
  | { readonly ok: false; readonly reason: string };

function readPiece(line: string, at: number): Piece {
  const char = line.charAt(at);
  if (char === "\n") return { ok: false, reason: `unquoted line break: ${notAShell}` };
  if (operators.has(char)) return { ok: false, reason: `unquoted ${char}: ${notAShell}` };
  if (char === "$" && line.charAt(at + 1) === "(") return { ok: false, reason: `unquoted $(: ${notAShell}` };
  if (char === "'") return readSingle(line, at);
  if (char === '"') return readDouble(line, at);
  if (char !== "\\") return { ok: true, text: char, next: at + 1 };
  const escaped = line.charAt(at + 1);
  if (escaped === "") return { ok: false, reason: "the command ends in a backslash" };
  return { ok: true, text: escaped, next: at + 2 };
}

function readSingle(line: string, at: number): Piece {
  const end = line.indexOf("'", at + 1);
  if (end < 0) return { ok: false, reason: "the command has an unclosed ' quote" };
  return { ok: true, text: line.slice(at + 1, end), next: end + 1 };
}

function readDouble(line: string, at: number): Piece {
  let text = "";
  for (let index = at + 1; index < line.length; index += 1) {
    const char = line.charAt(index);
    if (char === '"') return { ok: true, text, next: index + 1 };
    const next = line.charAt(index + 1);
    const escapes = char === "\\" && ['"', "\\", "$", "`", "\n"].includes(next);
    text += escapes ? (next === "\n" ? "" : next) : char;
    if (escapes) index += 1;
  }
  return { ok: false, reason: 'the command has an unclosed " quote' };
}
