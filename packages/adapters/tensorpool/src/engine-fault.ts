import { type ErrorCode, ParleyError } from "@parley/core";
import type { EngineData } from "./backend.ts";

/** Why the engine gave no good answer. */
export interface EngineFault {
  readonly kind: "unreachable" | "timeout" | "malformed" | "status";
  readonly status?: number | undefined;
  /** The engine's words, if any. */
  readonly message?: string | undefined;
}

/** The most useful words in an answer. */
export function messageOf(data: EngineData): string | undefined {
  for (const name of ["message", "error", "external_message"]) {
    const value = data[name];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return undefined;
}

/** The error of a fault, in one sentence. */
export function faultError(doing: string, fault: EngineFault, details: EngineData = {}): ParleyError {
  const { code, because } = judge(fault);
  const said = fault.message === undefined ? "" : ` (${fault.message.replace(/\s+/g, " ").slice(0, 500)})`;
  const status = fault.status === undefined ? {} : { status: fault.status };
  return new ParleyError(code, `Could not ${doing}: ${because}${said}.`, {
    details: { ...status, ...details },
  });
}

function judge({ kind, status = 0 }: EngineFault): { code: ErrorCode; because: string } {
  if (kind === "unreachable") {
    return {
      code: "E_ENGINE_UNREACHABLE",
      because: "the TensorPool engine cannot be reached; check the network and TENSORPOOL_ENGINE",
    };
  }
  if (kind === "timeout") {
    return {
      code: "E_ENGINE_UNREACHABLE",
      because: "the TensorPool engine did not answer in time; try again",
    };
  }
  if (kind === "malformed") {
    return { code: "E_ENGINE_OUTPUT", because: "the engine's answer is no JSON object, or too long" };
  }
  return judgeStatus(status);
}

function judgeStatus(status: number): { code: ErrorCode; because: string } {
  const answered = `the engine answered ${String(status)}`;
  if (status === 401 || status === 403) {
    return { code: "E_ENGINE_FORBIDDEN", because: `${answered}; check the key in TENSORPOOL_KEY` };
  }
  if (status === 404) return { code: "E_OBJECT_UNKNOWN", because: answered };
  if (status === 429) return { code: "E_RATE_LIMITED", because: `${answered}; wait and try again` };
  if (status >= 500) return { code: "E_ENGINE_UNREACHABLE", because: `${answered}; try again later` };
  return { code: "E_ENGINE_REFUSED", because: answered };
}
