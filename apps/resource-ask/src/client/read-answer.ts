import { ParleyError, errorTable } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import { z } from "zod";

const WireError = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean().default(false),
  details: z.record(z.string(), z.unknown()).optional(),
});

const longestMessage = 2000;

/**
 * Reads a tool's result against a schema. A failed call that still holds the wanted answer (a job that was refused)
 * is an answer.
 * @throws {@link ParleyError} the hub's own error, `E_SELECT_NONE` of an empty fleet, or `E_MCP_PROTOCOL`
 */
export function readAnswer<Schema extends z.ZodType>(
  tool: string,
  schema: Schema,
  result: JsonObject,
): z.output<Schema> {
  const value = valueOf(result);
  const answer = schema.safeParse(value);
  if (answer.success) return answer.data;
  if (result["isError"] === true) throw errorOf(tool, result, value);
  const [issue] = answer.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new ParleyError(
    "E_MCP_PROTOCOL",
    `The hub's answer to ${tool} cannot be read${where} (${issue?.message ?? ""}): is this address a hub's?`,
  );
}

function valueOf(result: JsonObject): unknown {
  const structured = result["structuredContent"];
  if (structured !== undefined && structured !== null) return structured;
  try {
    return JSON.parse(textOf(result));
  } catch {
    return undefined;
  }
}

function textOf(result: JsonObject): string {
  const blocks: unknown = result["content"];
  if (!Array.isArray(blocks)) return "";
  return blocks
    .map((block: unknown) => {
      const text: unknown = typeof block === "object" && block !== null ? Reflect.get(block, "text") : "";
      return typeof text === "string" ? text : "";
    })
    .join("\n");
}

function errorOf(tool: string, result: JsonObject, value: unknown): ParleyError {
  const meta: unknown = result["_meta"];
  const reported = WireError.safeParse(
    typeof meta === "object" && meta !== null ? Reflect.get(meta, "parley/error") : undefined,
  );
  if (reported.success) {
    const { code, message, retryable, details } = reported.data;
    return new ParleyError(isErrorCode(code) ? code : "E_TOOL_FAILED", message.slice(0, longestMessage), {
      retryable,
      details,
    });
  }
  const said: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "error") : undefined;
  if (typeof said === "string" && /^no workers registered/i.test(said)) {
    return new ParleyError("E_SELECT_NONE", "No worker has joined this hub: there is nobody to ask.");
  }
  const text = typeof said === "string" ? said : textOf(result);
  return new ParleyError(
    "E_TOOL_FAILED",
    `${tool}: ${text.slice(0, longestMessage) || "it failed without a word"}`,
  );
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
