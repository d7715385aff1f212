import { unreadable } from "../_fault.ts";
import { tidyBody } from "../script/split.ts";
import type { DirectiveLine, ScriptParts } from "../script/split.ts";
import { quoteForShell } from "../script/words.ts";

/** A line that begins a directive (RFC 36): no letter or digit before the tag. */
export const fluxSentinel = /^([^\w]*)(?:flux|FLUX):/;

/** Takes the common indentation from the lines between triple quotes. */
function literal(lines: readonly string[]): string {
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents, 1000);
  return lines.map((line) => `${line.slice(indent)}\n`).join("");
}

const onOneLine = (text: string): string =>
  text.replaceAll(/("""|''')(.*?)\1/g, (_match, _quote, content: string) => quoteForShell(content));

/** Turns triple quotes into plain ones; a literal of several lines becomes one directive. */
function joinLiterals(lines: readonly DirectiveLine[]): DirectiveLine[] {
  const result: DirectiveLine[] = [];
  let open: { head: DirectiveLine; quote: string; lines: string[] } | undefined;
  for (const { line, text } of lines) {
    if (open !== undefined) {
      if (text.trim() === open.quote) {
        const value = quoteForShell(literal(open.lines));
        result.push({ line: open.head.line, text: `${open.head.text}${value}` });
        open = undefined;
      } else open.lines.push(text);
      continue;
    }
    const plain = onOneLine(text);
    const opening = /("""|''')\s*$/.exec(plain);
    if (opening === null) result.push({ line, text: plain });
    else open = { head: { line, text: plain.slice(0, opening.index) }, quote: opening[1] ?? "", lines: [] };
  }
  if (open !== undefined) throw unreadable(`The quotes ${open.quote} are not closed.`, open.head.line);
  return result;
}

/** Takes a script for `flux batch` apart: directives end at the first line without the prefix of the first one. */
export function splitFlux(text: string): ScriptParts {
  const lines = text.split("\n");
  const interpreter = /^#!\s*(.+?)\s*$/.exec(lines[0] ?? "")?.[1];
  const found: DirectiveLine[] = [];
  const stray: DirectiveLine[] = [];
  const body: string[] = [];
  let prefix: string | undefined;
  let reading = true;
  for (const [index, line] of lines.entries()) {
    if (index === 0 && line.startsWith("#!")) continue;
    const match = fluxSentinel.exec(line);
    if (match !== null && reading) {
      prefix ??= match[1] ?? "";
      found.push({ line: index + 1, text: line.slice(match[0].length) });
      continue;
    }
    if (match !== null) stray.push({ line: index + 1, text: line.slice(match[0].length) });
    if (prefix !== undefined && line.trim() !== "" && !line.startsWith(prefix)) reading = false;
    body.push(line);
  }
  return { interpreter, directives: joinLiterals(found), body: tidyBody(body), stray };
}
