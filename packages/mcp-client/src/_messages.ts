import { joined } from "@parley/core";
import type { RpcError } from "./_errors.ts";
import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpProgress } from "./options.ts";

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

/** The JSON objects of a text that holds one or a list of them (2025-03-26 allows batches). */
export function parseMessages(text: string): JsonObject[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).filter(isObject);
  } catch {
    return [];
  }
}

/** JSON-RPC's code for a fault of the server that it does not name. */
const internalError = -32_603;

/**
 * The error of a JSON-RPC answer. What a careless peer sends in its place, such as a text or an object without a number,
 * is one too, but only in an answer that says it is JSON-RPC: a proxy's page of an error is not.
 */
export function errorOf(message: JsonObject | undefined): RpcError | undefined {
  const error = message?.["error"];
  const isRpc = message?.["jsonrpc"] === "2.0";
  if (typeof error === "string" && isRpc) return { code: internalError, message: error, data: undefined };
  if (!isObject(error) || (typeof error["code"] !== "number" && !isRpc)) return undefined;
  const { code, message: text, data } = error;
  return {
    code: typeof code === "number" ? code : internalError,
    message: typeof text === "string" ? text : "",
    data,
  };
}

/** The object under `params`, or an empty one. */
export function paramsOf(message: JsonObject): JsonObject {
  return isObject(message["params"]) ? message["params"] : {};
}

/** Parameters of a request, with its `_meta` where that says anything. */
export function withMeta(params: JsonObject, _meta: JsonObject | undefined): JsonObject {
  return _meta === undefined || Object.keys(_meta).length === 0 ? params : joined(params, { _meta });
}

/** The `_meta` of a request of the 2025 revisions, whose id is the token of its progress. */
export function legacyMeta({ meta, onProgress }: McpCallOptions, id: number): JsonObject | undefined {
  if (onProgress === undefined) return meta;
  return meta === undefined ? { progressToken: id } : joined(meta, { progressToken: id });
}

/** A progress notification, with the token of the request it is for. */
export function progressOf(message: JsonObject): (McpProgress & { readonly token: unknown }) | undefined {
  if (message["method"] !== "notifications/progress") return undefined;
  const { progress, total, message: text, progressToken: token } = paramsOf(message);
  if (typeof progress !== "number") return undefined;
  return {
    token,
    progress,
    ...(typeof total === "number" ? { total } : {}),
    ...(typeof text === "string" ? { message: text } : {}),
  };
}
