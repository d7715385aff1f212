import type { ProtocolError } from "@modelcontextprotocol/server";
import { type ErrorCode, type ParleyError, toParleyError } from "@parley/core";
import { isSdkError } from "./protocol-words.ts";

/** Codes of JSON-RPC. */
export const rpcCode = { parseError: -32_700, invalidParams: -32_602, internalError: -32_603 } as const;

/** An answer that is a JSON-RPC error of its own, made where the SDK and its class for that need not be loaded. */
export class RpcFault extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

const callerFaults: ReadonlySet<ErrorCode> = new Set([
  "E_TOOL_UNKNOWN",
  "E_ARGUMENT_INVALID",
  "E_AUTH_FORBIDDEN",
  "E_OBJECT_UNKNOWN",
  "E_SUBSCRIPTION_LIMIT",
]);

/** The JSON-RPC form of an error that is no tool result; our record travels as its `data`. */
export function rpcFault(thrown: unknown): Pick<ProtocolError, "code" | "message" | "data"> {
  if (thrown instanceof RpcFault || isSdkError(thrown, "ProtocolError")) return thrown;
  const error = toParleyError(thrown);
  const code = callerFaults.has(error.code) ? rpcCode.invalidParams : rpcCode.internalError;
  return { code, message: error.message, data: error.toJSON() };
}

/** JSON-RPC code for an HTTP status at the MCP route, where no request was understood. */
export function transportErrorCode(error: ParleyError, status: number): number {
  if (status === 400) return rpcCode.parseError;
  return error.code === "E_INTERNAL" ? rpcCode.internalError : -32_000;
}
