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

/** Serves what a handler returned: text, nothing, a value, or a whole result. */
export function toToolResult(value: unknown): ToolResult {
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return toolResult({ text: value });
  return isToolResult(value) ? value : toolResult({ structured: value });
}

/** Whether a value is an object with string keys (not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonText(value: unknown): string {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  if (text === undefined)
    throw new ParleyError("E_TOOL_FAILED", "A tool returned a value that JSON cannot hold.");
  return text;
}
