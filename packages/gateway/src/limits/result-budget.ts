import { ParleyError } from "@parley/core";
import type { ContentBlock, ToolResult } from "@parley/tool-registry";

/** Room for the sentence that says what is missing. */
const markerBytes = 160;

/**
 * A result within its budget. Plain text is cut, with a sentence that says so: half a page is of use. Half a picture,
 * or half of what is read by a program, is none, and is refused.
 * @throws `E_RESULT_TOO_LARGE`
 */
export function withinBudget(result: ToolResult, maxBytes: number | undefined, what: string): ToolResult {
  if (maxBytes === undefined) return result;
  const bytes = sizeOf(result);
  if (bytes <= maxBytes) return result;
  const cut = isPlainText(result) ? cutText(result, bytes, maxBytes) : undefined;
  if (cut !== undefined) return cut;
  throw tooLarge(what, bytes, maxBytes);
}

/** The same for what is not a tool's result and cannot be cut. @throws `E_RESULT_TOO_LARGE` */
export function checkBudget(value: unknown, maxBytes: number | undefined, what: string): void {
  if (maxBytes === undefined) return;
  const bytes = sizeOf(value);
  if (bytes > maxBytes) throw tooLarge(what, bytes, maxBytes);
}

function tooLarge(what: string, bytes: number, maxBytes: number): ParleyError {
  return new ParleyError(
    "E_RESULT_TOO_LARGE",
    `${what} answered with ${bytes} bytes, more than the ${maxBytes} it may: ask it for less, or raise "resultBytes" in "limits".`,
    { details: { bytes, maxBytes } },
  );
}

/** Bytes of a value as JSON. */
function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

/** Whether a person or model reads it: no picture, no structure, no text that is JSON. */
function isPlainText({ content, structuredContent }: ToolResult): boolean {
  return structuredContent === undefined && content.every((block) => textIn(block) !== undefined);
}

function textIn({ type, text }: ContentBlock): string | undefined {
  return type === "text" && typeof text === "string" && !/^\s*[[{]/.test(text) ? text : undefined;
}

function cutText(result: ToolResult, bytes: number, maxBytes: number): ToolResult | undefined {
  let left = maxBytes - markerBytes - sizeOf({ ...result, content: [] });
  if (left <= 0) return undefined;
  const content: ContentBlock[] = [];
  for (const block of result.content) {
    const { text, ...rest } = block;
    left -= sizeOf({ ...rest, text: "" }) + 1;
    if (left <= 0) break;
    const kept = cutToBytes(String(text), left);
    left -= sizeOf(kept) - 2;
    content.push({ ...rest, type: "text", text: kept });
    if (kept.length < String(text).length) break;
  }
  const marker = `[cut here: the whole is ${bytes} bytes, and ${maxBytes} are let through; ask for less at a time]`;
  return { ...result, content: [...content, { type: "text", text: marker }] };
}

/** As much of a text as its JSON has room for, with no half of a character. */
function cutToBytes(text: string, maxBytes: number): string {
  if (sizeOf(text) - 2 <= maxBytes) return text;
  let [low, high] = [0, Math.min(text.length, maxBytes)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sizeOf(text.slice(0, middle)) - 2 <= maxBytes) low = middle;
    else high = middle - 1;
  }
  const kept = text.slice(0, low);
  return /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
}
