import { ParleyError, errorTable } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";
import { z } from "zod";

const WireError = z.object({
  code: z.string(),
  message: z.string().max(4000),
  retryable: z.boolean().default(false),
});

/** The JSON value of a tool's answer: structured content, else the first text block read as JSON. */
export function answerOf(result: ToolResult): unknown {
  const { structuredContent } = result;
  if (structuredContent !== undefined && structuredContent !== null) return unwrapResult(structuredContent);
  const text = textOf(result);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** FastMCP and the 2025 revision wrap a value that is no object as `{ result }`. */
function unwrapResult(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  return entries.length === 1 && only?.[0] === "result" ? only[1] : value;
}

/** All text of a result, joined. */
export function textOf(result: ToolResult): string {
  return result.content
    .map((block) => (block.type === "text" && typeof block["text"] === "string" ? block["text"] : ""))
    .join("\n")
    .trim();
}

/** The error a worker's tool reported, with the worker's own code where we know it. */
export function errorOf(result: ToolResult, worker: string): ParleyError {
  const reported = WireError.safeParse(result._meta?.["parley/error"]);
  if (reported.success) {
    const { code, message, retryable } = reported.data;
    return new ParleyError(isErrorCode(code) ? code : "E_TOOL_FAILED", message, {
      retryable,
      details: { worker, code },
    });
  }
  const message = textOf(result).slice(0, 500) || "the tool failed without a word";
  return new ParleyError("E_TOOL_FAILED", `Worker ${worker}: ${message}`, { details: { worker } });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
