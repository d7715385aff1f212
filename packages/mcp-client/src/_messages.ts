import type { RpcError } from "./_errors.ts";
import type { JsonObject, McpProgress } from "./options.ts";

/** Whether a parsed text is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON object; `undefined` for any other text. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The error object of a JSON-RPC answer. */
export function errorOf(message: JsonObject | undefined): RpcError | undefined {
  const error = message?.["error"];
  if (!isObject(error) || typeof error["code"] !== "number") return undefined;
  const text = error["message"];
  return { code: error["code"], message: typeof text === "string" ? text : "", data: error["data"] };
}

/** What a progress notification for this request says. */
export function progressOf(message: JsonObject, token: number): McpProgress | undefined {
  const params = message["params"];
  if (message["method"] !== "notifications/progress" || !isObject(params)) return undefined;
  const { progress, total, message: text, progressToken } = params;
  if (progressToken !== token || typeof progress !== "number") return undefined;
  return {
    progress,
    ...(typeof total === "number" ? { total } : {}),
    ...(typeof text === "string" ? { message: text } : {}),
  };
}
