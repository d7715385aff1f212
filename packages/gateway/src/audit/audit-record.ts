import { createHash } from "node:crypto";
import { isoTime, toParleyError } from "@parley/core";
import { redactArgs, redactText } from "@parley/server";
import type { RequestRecord } from "@parley/server";
import canonicalize from "canonicalize";

/** A finished call of something behind the gateway, over REST or MCP alike. */
export interface GatewayCallRecord {
  /** Name of the caller's key; `anonymous` where none is asked, `local` for calls without a request. */
  readonly caller: string;
  readonly server: string;
  readonly kind: "tool" | "prompt" | "resource";
  /** The server's own name of the tool or prompt; the URI of a resource. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** `error` is a call that failed, `refused` one that was not let through, `asked` one that ended in a question. */
  readonly outcome: "ok" | "asked" | "error" | "refused" | "cancelled" | "timeout";
  readonly code?: string | undefined;
  /** As they were given. */
  readonly args: unknown;
  /** Rules of the scan that found something in the result. */
  readonly findings?: readonly string[] | undefined;
}

/** How arguments are kept: with secrets hidden and long values cut, or as the SHA-256 of their canonical JSON, or not. */
export type AuditArguments = "redacted" | "digest" | "none";

/** The line of a call, before it is chained. */
export function lineOfCall(call: GatewayCallRecord, keep: AuditArguments): Readonly<Record<string, unknown>> {
  const { caller, server, kind, name, startedAt, durationMs, outcome, code, args, findings } = call;
  return {
    at: isoTime(startedAt),
    kind,
    caller,
    server,
    name: redactText(name),
    outcome,
    code,
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...argumentsOf(args, keep),
    ...(findings === undefined || findings.length === 0 ? {} : { findings }),
  };
}

/** The line of a request that was refused before it became a call; nothing for others, whose calls have their own. */
export function lineOfRequest(request: RequestRecord): Readonly<Record<string, unknown>> | undefined {
  if (!refusals.has(request.status) || request.code === undefined) return undefined;
  return {
    at: isoTime(request.startedAt),
    kind: "request",
    caller: request.caller,
    address: request.address,
    name: redactText(`${request.method} ${request.route}`),
    outcome: "refused",
    code: request.code,
    status: request.status,
    durationMs: Math.round(request.durationMs * 1000) / 1000,
  };
}

const refusals: ReadonlySet<number> = new Set([401, 403, 413, 421, 429, 503]);

const refusalCodes: ReadonlySet<string> = new Set([
  "E_RATE_LIMITED",
  "E_TOOL_QUARANTINED",
  "E_AUTH_FORBIDDEN",
  "E_SERVER_BUSY",
]);
const endings: Readonly<Record<string, GatewayCallRecord["outcome"]>> = {
  E_MCP_TIMEOUT: "timeout",
  E_INTERRUPTED: "cancelled",
  E_INPUT_REQUIRED: "asked",
};

/** How a call came out that threw. */
export function outcomeOfThrown(thrown: unknown): Pick<GatewayCallRecord, "outcome" | "code"> {
  const { code } = toParleyError(thrown);
  return { outcome: refusalCodes.has(code) ? "refused" : (endings[code] ?? "error"), code };
}

/** A line of many arguments; longer ones are kept as a digest. */
const maxArgumentChars = 12_000;

function argumentsOf(args: unknown, keep: AuditArguments): Readonly<Record<string, unknown>> {
  if (keep === "none") return {};
  if (keep === "digest") return digestOf(args);
  const shown = redactArgs(args);
  return (JSON.stringify(shown)?.length ?? 0) <= maxArgumentChars ? { args: shown } : digestOf(args);
}

function digestOf(args: unknown): Readonly<Record<string, unknown>> {
  const hash = createHash("sha256").update(canonicalize(args) ?? "null");
  return { argsSha256: hash.digest("hex") };
}
