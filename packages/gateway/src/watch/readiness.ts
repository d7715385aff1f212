import { everything } from "../policy/view.ts";
import { serverStates } from "../status.ts";
import type { Roster } from "../upstream/roster.ts";

/** Longest reason that is told; it may hold what a server said last. */
const maxReason = 200;

/**
 * Why the gateway should get no requests: servers with `required` that are not ready.
 * @param isStrict - whether names of servers are nobody's business
 */
export function notReadyFor(roster: Roster, isStrict: boolean): readonly string[] {
  const away = serverStates(roster, everything).filter(
    ({ name, state }) => state !== "ready" && roster.upstreams.get(name)?.server.required === true,
  );
  if (isStrict && away.length > 0) return [`${away.length} of the required servers are not ready`];
  return away.map(({ name, state, reason }) =>
    reason === undefined
      ? `the server ${name} is ${state}`
      : `the server ${name} is ${state}: ${reason.slice(0, maxReason)}`,
  );
}
