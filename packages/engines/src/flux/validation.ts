import type { RunResult } from "@parley/exec";
import { failureCode, toFluxError } from "./client.ts";
import { fieldsOf, numberOf, parseJson, textOf } from "./json.ts";

/** What Flux's own validator says of a jobspec. */
export interface FluxVerdict {
  readonly valid: boolean;
  /** Flux's words; absent when it is valid. */
  readonly reason?: string | undefined;
}

/**
 * Reads the answer of `flux job-validator`, one JSON object.
 * @throws `E_ENGINE_MISSING`, `E_ENGINE_UNREACHABLE` and their like when there is no answer
 */
export function parseVerdict(result: RunResult): FluxVerdict {
  const answer = fieldsOf(parseJson(result.stdout.trim().split("\n").at(-1) ?? ""));
  const number = numberOf(answer.get("errnum"));
  if (number === 0) return { valid: true };
  if (number !== undefined)
    return { valid: false, reason: textOf(answer.get("errstr")) ?? `errno ${number}` };
  throw toFluxError(result, failureCode(result) ?? "E_ENGINE_OUTPUT");
}
