import { toParleyError } from "@parley/core";
import type { ToolResult } from "@parley/tool-registry";

/**
 * How a call of a server came out: `error` is one that it failed, `asked` one that ended in a question to the caller
 * and runs again with the answer, `refused` one that was not allowed to run.
 */
export type UpstreamOutcome = "ok" | "asked" | "error" | "timeout" | "cancelled" | "unreachable" | "refused";

/** One finished call of a server behind the gateway, whichever way it came. */
export interface UpstreamCallRecord {
  readonly server: string;
  readonly kind: "tool" | "prompt" | "resource";
  /** Name of the tool or prompt as it is served; absent for resources, of which there may be any number. */
  readonly name?: string | undefined;
  /** Name of the caller's key. */
  readonly caller: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: UpstreamOutcome;
  /** Of the error, where there was one. */
  readonly code?: string | undefined;
  /** What the gateway itself says of a server that was silent or away; never what a server says. */
  readonly message?: string | undefined;
}

/** How a call came out, without who called what and when. */
export type CallEnd = Pick<UpstreamCallRecord, "outcome" | "code" | "message">;

const ofCode: Readonly<Record<string, UpstreamOutcome>> = {
  E_AUTH_FORBIDDEN: "unreachable",
  E_AUTH_REQUIRED: "unreachable",
  E_INPUT_REQUIRED: "asked",
  E_INPUT_UNSUPPORTED: "refused",
  E_INTERRUPTED: "cancelled",
  E_MCP_TIMEOUT: "timeout",
  E_MCP_UNREACHABLE: "unreachable",
  E_RATE_LIMITED: "refused",
  E_SERVER_BUSY: "refused",
};

/** Outcomes whose message is the gateway's own. */
const explained: ReadonlySet<UpstreamOutcome> = new Set(["timeout", "unreachable"]);

export function endOfThrown(thrown: unknown): CallEnd {
  const { code, message } = toParleyError(thrown);
  const outcome = ofCode[code] ?? "error";
  if (outcome === "asked") return { outcome };
  return explained.has(outcome) ? { outcome, code, message } : { outcome, code };
}

export function endOfResult({ isError }: Pick<ToolResult, "isError">): CallEnd {
  return isError === true ? { outcome: "error", code: "E_TOOL_FAILED" } : { outcome: "ok" };
}
