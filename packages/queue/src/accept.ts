import { ParleyError } from "@parley/core";
import type { Outcome } from "./schema.ts";

/**
 * The outcome of a command that its caller cannot do without.
 * @throws {@link ParleyError} `E_QUEUE_REFUSED` with the refusal in `details`.
 */
export function accept(outcome: Outcome): Extract<Outcome, { ok: true }> {
  if (outcome.ok) return outcome;
  throw new ParleyError("E_QUEUE_REFUSED", outcome.refusal.message, { details: { ...outcome.refusal } });
}
