import { ParleyError } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";
import type { OnFinding } from "../config/safety-config.ts";
import { textsOf } from "../scan/scan-definitions.ts";
import { scanText } from "../scan/scan-text.ts";
import { excerptOf } from "../scan/visible.ts";

/** How a result is looked at. */
export interface ResultScan {
  readonly mode: OnFinding;
  /** Names the call. */
  readonly what: string;
  readonly warn: (message: string) => void;
}

/**
 * Looks through the texts of a result. @returns rules that found something
 * @throws `E_RESULT_WITHHELD` when such results are not let through
 */
export function scanResult(
  { content, structuredContent }: ToolResult,
  { mode, what, warn }: ResultScan,
): readonly string[] {
  if (mode === "off") return [];
  const texts = textsOf([content.map(readable), structuredContent ?? ""]);
  const found = texts.flatMap(({ text }) => scanText(text).map((match) => ({ match, text })));
  const [first] = found;
  if (first === undefined) return [];
  const { match, text } = first;
  const reason = `${what} answered with what may be hidden instructions (${match.rule}: ${excerptOf(text, match.index, match.length)})`;
  if (mode === "warn") warn(`${reason}.`);
  else
    throw new ParleyError("E_RESULT_WITHHELD", `${reason}; the result is withheld.`, {
      details: { rule: match.rule },
    });
  return [...new Set(found.map(({ match: { rule } }) => rule))];
}

/** Pictures and sounds hold no text. */
function readable(block: ToolResult["content"][number]): unknown {
  return block.type === "image" || block.type === "audio" ? "" : block;
}
