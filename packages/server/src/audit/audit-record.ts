import { isoTime } from "@parley/core";
import type { CallOutcome, CallRecord, RequestRecord } from "../observer.ts";
import { redactArgs, redactText } from "./redact-args.ts";

/** One line of an audit log: who did what, from where, and how it came out. */
export interface AuditRecord {
  /** ISO-8601 UTC, when it began. */
  readonly at: string;
  readonly caller: string;
  readonly address?: string | undefined;
  /** `request` is a route other than MCP, or a request that was refused before it was understood. */
  readonly kind: CallRecord["kind"] | "request";
  /** Name of the tool or prompt, URI of the resource, or method and route. */
  readonly name: string;
  readonly outcome: CallOutcome;
  readonly code?: string | undefined;
  readonly durationMs: number;
  /** Secrets hidden, long values cut. */
  readonly args?: unknown;
}

/** The record of a finished call. */
export function recordOfCall(call: CallRecord): AuditRecord {
  const { startedAt, caller, address, kind, name, outcome, code, durationMs, args } = call;
  return {
    at: isoTime(startedAt),
    caller,
    address,
    kind,
    name: redactText(name),
    outcome,
    code,
    durationMs: rounded(durationMs),
    args: redactArgs(args),
  };
}

/**
 * The record of an HTTP request, or nothing where there is none to keep: calls over MCP have their own, and
 * open routes, which monitors and heartbeats use, are kept only when they refuse.
 */
export function recordOfRequest(request: RequestRecord): AuditRecord | undefined {
  const isRefused = refusals.has(request.status);
  if (!isRefused && (request.isMcp || request.isPublic)) return undefined;
  const call = request.isMcp ? toolCall(request.input["body"]) : undefined;
  return {
    at: isoTime(request.startedAt),
    caller: request.caller,
    address: request.address,
    kind: call === undefined ? "request" : "tool",
    name: redactText(call?.name ?? `${request.method} ${request.route}`),
    outcome: isRefused ? "refused" : request.status < 400 ? "ok" : "error",
    code: request.code,
    durationMs: rounded(request.durationMs),
    args: redactArgs(call === undefined ? request.input : call.args),
  };
}

const refusals = new Set([401, 403, 429, 503]);

/** The tool a refused MCP request would have called. */
function toolCall(body: unknown): { name: string; args: unknown } | undefined {
  const params = field(body, "params");
  const name = field(params, "name");
  if (field(body, "method") !== "tools/call" || typeof name !== "string") return undefined;
  return { name, args: field(params, "arguments") };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
