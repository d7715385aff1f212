import type { ErrorCode, ParleyError } from "@parley/core";
import { toParleyError } from "@parley/core";
import type { Failure } from "@parley/queue";
import { messageOf } from "./text.ts";

/** Faults of the place and not of the task: no attempt could go well until somebody has seen to it. */
const ofThePlace: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "E_AUTH_FORBIDDEN",
  "E_AUTH_REQUIRED",
  "E_CONFIG_INVALID",
  "E_EXEC_NOT_FOUND",
  "E_LLM_DRIVER",
  "E_LLM_KEY",
  "E_LLM_RATE_LIMITED",
  "E_LLM_RECORDING",
  "E_LLM_UNREACHABLE",
  "E_MCP_UNREACHABLE",
  "E_RATE_LIMITED",
]);

/** How long a task waits when the place is at fault. */
const placeWaitMs = 30_000;
const mostWaitMs = 86_400_000;

/** What an executor's error means for its task. A fault of the place counts as none of the task's failures. */
export function failureOf(error: unknown): Failure {
  const known = toParleyError(error, "E_TOOL_FAILED");
  const message = messageOf(error);
  if (ofThePlace.has(known.code)) return { class: "rate_limited", message, retryAfterMs: waitOf(known) };
  return { class: known.code === "E_ARGUMENT_INVALID" ? "permanent" : "retryable", message };
}

function waitOf({ details }: ParleyError): number {
  const given = details["retryAfterMs"];
  return typeof given === "number" ? Math.min(Math.max(0, given), mostWaitMs) : placeWaitMs;
}
