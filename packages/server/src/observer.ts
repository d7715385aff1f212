import { ParleyError } from "@parley/core";
import { errorOf, type ToolResult } from "@parley/tool-registry";

/** How a call came out: `error` is a tool that ran and failed, `refused` one that was not allowed to run. */
export type CallOutcome = "ok" | "error" | "refused" | "unknown" | "cancelled" | "timeout";

/** One finished call. */
export interface CallRecord {
  readonly kind: "tool" | "prompt" | "resource";
  /** Name of the tool or prompt, or URI of the resource, as the caller gave it. */
  readonly name: string;
  readonly caller: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  readonly code?: string | undefined;
  /** As they were given; an observer that keeps them redacts them first. */
  readonly args: unknown;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** Told of what a server does: audit, metrics, a page. An observer must return at once and not throw. */
export interface Observer {
  called?(record: CallRecord): void;
}

/** The outcome and code of a result that a tool returned. */
export function outcomeOf(result: ToolResult): Pick<CallRecord, "outcome" | "code"> {
  if (result.isError !== true) return { outcome: "ok" };
  const code = errorOf(result)?.code;
  if (code === "E_MCP_TIMEOUT") return { outcome: "timeout", code };
  if (code === "E_INTERRUPTED") return { outcome: "cancelled", code };
  return code === undefined ? { outcome: "error" } : { outcome: "error", code };
}

/** The outcome and code of a call that threw. */
export function outcomeOfThrown(thrown: unknown): Pick<CallRecord, "outcome" | "code"> {
  if (!ParleyError.isInstance(thrown)) return { outcome: "error" };
  const { code } = thrown;
  if (code === "E_TOOL_UNKNOWN") return { outcome: "unknown", code };
  return { outcome: code === "E_AUTH_FORBIDDEN" ? "refused" : "error", code };
}
