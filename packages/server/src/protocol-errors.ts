import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { rpcFault } from "./rpc-fault.ts";

/** An error that is no tool result, as the SDK sends it. */
function protocolError(thrown: unknown): ProtocolError {
  if (thrown instanceof ProtocolError) return thrown;
  const { code, message, data } = rpcFault(thrown);
  return new ProtocolError(code, message, data);
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
