import { ParleyError } from "@parley/core";
import { errorOf } from "@parley/tool-registry";
import { isOpen } from "./is-open.ts";
import { isInputRequired, isSdkError } from "./protocol-words.ts";

/**
 * How a call came out: `error` is a tool that ran and failed, `refused` one that was not allowed to run, `asked` one
 * that ended in a question to its client and runs again when that is answered.
 */
export type CallOutcome = "ok" | "asked" | "error" | "refused" | "unknown" | "cancelled" | "timeout";

/** One finished call. */
export interface CallRecord {
  readonly kind: "tool" | "prompt" | "resource";
  /** Name of the tool or prompt, or URI of the resource, as the caller gave it. */
  readonly name: string;
  readonly caller: string;
  /** Network address the call came from; absent over stdio. */
  readonly address?: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  readonly code?: string | undefined;
  /** As they were given; an observer that keeps them redacts them first. */
  readonly args: unknown;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** One answered HTTP request; a stream is answered when it ends. */
export interface RequestRecord {
  readonly method: string;
  /** Pattern of the route; the path where there is no such route. */
  readonly route: string;
  readonly status: number;
  /** `anonymous` where nobody was identified. */
  readonly caller: string;
  readonly address: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Why it was refused or failed. */
  readonly code?: string | undefined;
  /** Whether it was sent to the MCP endpoint; each call inside has a {@link CallRecord}. */
  readonly isMcp: boolean;
  /** Whether the route is open to all. */
  readonly isPublic: boolean;
  /** `params`, `query` and `body` as far as they were read and are not empty. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Told of what a server does: audit, metrics, a page. An observer must return at once and not throw. */
export interface Observer {
  called?(record: CallRecord): void;
  answered?(record: RequestRecord): void;
}

/** The outcome and code of a result: a tool's own failure is one too. */
export function outcomeOf(result: unknown): Pick<CallRecord, "outcome" | "code"> {
  if (isInputRequired(result)) return { outcome: "asked" };
  if (!isOpen(result) || result["isError"] !== true) return { outcome: "ok" };
  const code = isOpen(result["_meta"]) ? errorOf({ _meta: result["_meta"] })?.code : undefined;
  if (code === undefined) return { outcome: "error" };
  return { outcome: ended[code] ?? "error", code };
}

/** The outcome and code of a call that threw. */
export function outcomeOfThrown(thrown: unknown): Pick<CallRecord, "outcome" | "code"> {
  if (isSdkError(thrown, "ResourceNotFoundError")) return { outcome: "unknown", code: "E_OBJECT_UNKNOWN" };
  if (isSdkError(thrown, "MissingRequiredClientCapabilityError")) {
    return { outcome: "refused", code: "E_INPUT_UNSUPPORTED" };
  }
  if (!ParleyError.isInstance(thrown)) return { outcome: "error" };
  const { code } = thrown;
  return { outcome: refused[code] ?? ended[code] ?? "error", code };
}

const ended: Readonly<Record<string, CallOutcome>> = {
  E_MCP_TIMEOUT: "timeout",
  E_INTERRUPTED: "cancelled",
};

const refused: Readonly<Record<string, CallOutcome>> = {
  E_TOOL_UNKNOWN: "unknown",
  E_OBJECT_UNKNOWN: "unknown",
  E_AUTH_FORBIDDEN: "refused",
  E_RATE_LIMITED: "refused",
  E_SERVER_BUSY: "refused",
};
