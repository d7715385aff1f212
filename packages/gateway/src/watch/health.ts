import { everything } from "../policy/view.ts";
import { serverStates } from "../status.ts";
import type { Roster } from "../upstream/roster.ts";

/** Names of servers are nobody's business where even the documents ask for a key. */
export function healthOf(roster: Roster, isStrict: boolean): Record<string, unknown> {
  const states = serverStates(roster, everything);
  const ready = states.filter(({ state }) => state === "ready").length;
  return {
    ready,
    total: states.length,
    ...withheldIn(states, isStrict),
    ...(isStrict ? {} : { servers: Object.fromEntries(states.map(({ name, state }) => [name, state])) }),
  };
}

/** How much is withheld, and why: in the answer to a monitor, which a person reads. */
function withheldIn(states: ReturnType<typeof serverStates>, isStrict: boolean): Record<string, unknown> {
  const found = states.flatMap(({ name, withheld = [] }) =>
    withheld.map(({ item, reason }) => ({ server: name, item, reason })),
  );
  if (found.length === 0) return {};
  return { quarantined: found.length, ...(isStrict ? {} : { reasons: found }) };
}
