import { errorTable, ParleyError } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import type { Fault } from "../machine/events.ts";

/** Faults of the place, and not of the step: the run stops where it can be resumed. */
const stopping: ReadonlySet<string> = new Set([
  "E_AUTH_FORBIDDEN",
  "E_AUTH_REQUIRED",
  "E_AUTH_UNAVAILABLE",
  "E_CONFIG_INVALID",
  "E_EXEC_NOT_FOUND",
  "E_INPUT_UNSUPPORTED",
  "E_INTERNAL",
  "E_INTERRUPTED",
  "E_LLM_DRIVER",
  "E_LLM_KEY",
  "E_LLM_RATE_LIMITED",
  "E_LLM_RECORDING",
  "E_LLM_TIMEOUT",
  "E_LLM_UNREACHABLE",
  "E_OAUTH_FAILED",
  "E_PLAN_CHANGED",
  "E_PLAN_LIMIT",
  "E_PLAN_UNCERTAIN",
]);

/** Whether an error stops the run rather than failing the step. */
export function stopsRun(error: ParleyError): boolean {
  return stopping.has(error.code);
}

/** Whether nothing can be written down any more, or by others. */
export function isBeyondLog(error: ParleyError): boolean {
  return error.code.startsWith("E_DATABASE_") || error.code === "E_RUN_OWNED";
}

/** An error as it is written down. */
export function faultOf(error: ParleyError): Fault {
  return { code: error.code, message: error.message };
}

/** A fault as an error again. */
export function errorOfFault({ code, message }: Fault): ParleyError {
  return new ParleyError(isCode(code) ? code : "E_PLAN_FAILED", message);
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
