import type { Proposal, Verdict } from "@parley/core";
import type { Gate } from "./strategy.ts";

/** From best to worst; only the first two can be selected. */
const order: readonly Verdict[] = ["READY", "BUSY", "UNKNOWN", "RESTRICTED", "INCOMPATIBLE"];

/**
 * Combines a site's claim with the hub's own check of it on the attested facts. A claim better than the check loses.
 * A claim worse than the check stands when rules made it (a site may refuse, and its scheduler's dry run knows more
 * than facts do) and loses when a model made it, since a model never decides feasibility. UNKNOWN on either side
 * never becomes READY.
 */
export function gateCandidate(
  claim: Pick<Proposal, "verdict" | "reasons" | "mode">,
  check: { readonly verdict: Verdict; readonly reasons: readonly string[] },
): Gate {
  const agrees = claim.verdict === check.verdict;
  const worse = order.indexOf(claim.verdict) > order.indexOf(check.verdict);
  const stands = worse && (claim.mode === "rules" || claim.verdict === "UNKNOWN");
  return stands
    ? { verdict: claim.verdict, agrees, reasons: claim.reasons }
    : { verdict: check.verdict, agrees, reasons: check.reasons };
}
