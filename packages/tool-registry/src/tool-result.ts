import { type ErrorCode, type ErrorRecord, ParleyError, toParleyError } from "@parley/core";
import type { ContentBlock, ToolResult } from "./definitions.ts";

/** Where a failed call's {@link ErrorRecord} travels in a result's `_meta`. */
export const errorMetaKey = "parley/error";

/** What {@link toolResult} is made of; `structured` alone gets its JSON as text. */
export interface ToolResultParts {
  readonly text?: string | undefined;
  readonly structured?: unknown;
  /** Further blocks, after the text. */
  readonly content?: readonly ContentBlock[] | undefined;
  readonly isError?: boolean | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** Builds a whole result, for a tool that says more than one value. */
export function toolResult(parts: ToolResultParts): ToolResult {
  const { structured, isError, _meta } = parts;
  const text = parts.text ?? (structured === undefined ? undefined : jsonText(structured));
  const blocks: ContentBlock[] = text === undefined ? [] : [{ type: "text", text }];
  return {
    content: [...blocks, ...(parts.content ?? [])],
    ...(structured === undefined ? {} : { structuredContent: structured }),
    ...(isError === undefined ? {} : { isError }),
    ...(_meta === undefined ? {} : { _meta }),
  };
}

/** The result of a call that failed: the message as text, the error record under `_meta["parley/error"]`. */
export function errorResult(thrown: unknown, fallback: ErrorCode = "E_TOOL_FAILED"): ToolResult {
  const error = toParleyError(thrown, fallback);
  return toolResult({ text: error.message, isError: true, _meta: { [errorMetaKey]: error.toJSON() } });
}

/** The error record a failed result carries, when it carries one. */
export function errorOf(result: Partial<ToolResult>): ErrorRecord | undefined {
  const found = result._meta?.[errorMetaKey];
  if (typeof found !== "object" || found === null) return undefined;
  if (!("code" in found && "message" in found)) return undefined;
  const { code, message } = found;
  if (typeof code !== "string" || typeof message !== "string") return undefined;
  const retryable = "retryable" in found && found.retryable === true;
  const details = "details" in found && isRecord(found.details) ? { details: found.details } : {};
  return { code, message, retryable, ...details };
}

const resultKeys = new Set(["content", "structuredContent", "isError", "_meta"]);

/** Whether a handler's value is a whole result: nothing but a result's keys, and blocks that name their type. */
export function isToolResult(value: unknown): value is ToolResult {
  if (!isRecord(value) || !Array.isArray(value["content"])) return false;
  if (!Object.keys(value).every((key) => resultKeys.has(key))) return false;
  return value["content"].every((block) => isRecord(block) && typeof block["type"] === "string");
}

/**
 * Serves what a handler returned: text, nothing, bytes, a value, or a whole result. A value that is no plain object is
 * served as its JSON. @throws `E_TOOL_FAILED` for what JSON cannot hold
 */
export function toToolResult(value: unknown): ToolResult {
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return toolResult({ text: value });
  if (value instanceof Uint8Array) return { content: [bytesBlock(value)] };
  if (isToolResult(value)) return value;
  return toolResult({ structured: isPlain(value) ? value : asJson(value) });
}

function bytesBlock(bytes: Uint8Array): ContentBlock {
  const blob = Buffer.from(bytes).toString("base64");
  return { type: "resource", resource: { uri: "result:bytes", mimeType: "application/octet-stream", blob } };
}

/** Whether JSON and the checks of clients take a value as it is, as far as its outside shows. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function asJson(value: unknown): unknown {
  const isSequence = Symbol.iterator in Object(value) || Symbol.asyncIterator in Object(value);
  if (isSequence) throw unfit("it is a Map, a Set or a generator");
  return JSON.parse(jsonText(value));
}

function unfit(why: string): ParleyError {
  return new ParleyError(
    "E_TOOL_FAILED",
    `The tool returned a value that JSON cannot hold (${why}): return texts, numbers, lists and plain objects.`,
  );
}

/** Whether a value is an object with string keys (not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonText(value: unknown): string {
  if (typeof value === "string") return value;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw unfit(why);
  }
  if (text === undefined) throw unfit(`it is a ${typeof value}`);
  return text;
}
