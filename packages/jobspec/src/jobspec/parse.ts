import { LineCounter, parseDocument } from "yaml";
import { unreadable } from "../_fault.ts";
import { cleanText } from "../_limits.ts";

/**
 * Reads a jobspec, JSON or YAML.
 * @throws ParleyError `E_JOBSPEC_INVALID` with the line, or `E_JOBSPEC_TOO_LARGE`.
 */
export function parseJobspec(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(cleanText(text), { lineCounter, uniqueKeys: true, stringKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    throw unreadable(
      `${error.message.split("\n")[0]?.replace(/ at line .*$/, "") ?? "No YAML"}.`,
      line,
      error,
    );
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw unreadable("The YAML expands to more than is read: write its aliases out.", undefined, error);
  }
}
