import { ParleyError } from "@parley/core";
import type { CatalogueTool } from "./catalogue.ts";

/** Whether a tool only looks, as its server says; all that may be kept, shared and asked twice at once. */
export function onlyReads({ tool }: CatalogueTool): boolean {
  return tool.annotations?.readOnlyHint === true;
}

/** Whether it does no harm to run a call that may have run already, as its server says. */
export function isRepeatable(found: CatalogueTool): boolean {
  return onlyReads(found) || found.tool.annotations?.idempotentHint === true;
}

/** Whether a call did not reach its server, or reached one that is gone. */
function isUnreached(error: unknown): boolean {
  return ParleyError.isInstance(error) && error.code === "E_MCP_UNREACHABLE";
}

/** Calls, and once more where the server went away meanwhile and the tool does no harm twice. */
export function calledAgain<Value>(found: CatalogueTool, call: () => Promise<Value>): Promise<Value> {
  if (!isRepeatable(found)) return call();
  return call().catch((error: unknown) => {
    if (!isUnreached(error)) throw error;
    return call();
  });
}
