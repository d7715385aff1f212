import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { type ErrorCode, type ParleyError, toParleyError } from "@parley/core";

const callerFaults: ReadonlySet<ErrorCode> = new Set([
  "E_TOOL_UNKNOWN",
  "E_ARGUMENT_INVALID",
  "E_AUTH_FORBIDDEN",
  "E_OBJECT_UNKNOWN",
  "E_SUBSCRIPTION_LIMIT",
]);

/** The JSON-RPC form of an error that is no tool result; our record travels as its `data`. */
export function protocolError(thrown: unknown): ProtocolError {
  if (thrown instanceof ProtocolError) return thrown;
  const error = toParleyError(thrown);
  const code = callerFaults.has(error.code)
    ? ProtocolErrorCode.InvalidParams
    : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, error.toJSON());
}

/** Runs a handler so that what it throws reaches the client as a JSON-RPC error. */
export async function asProtocol<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw protocolError(error);
  }
}

/** Lists come whole, so no cursor was ever given out. */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor === undefined) return;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: lists come in one page.");
}

/** JSON-RPC code for an HTTP status at the MCP route, where no request was understood. */
export function transportErrorCode(error: ParleyError, status: number): number {
  if (status === 400) return ProtocolErrorCode.ParseError;
  return error.code === "E_INTERNAL" ? ProtocolErrorCode.InternalError : -32_000;
}
