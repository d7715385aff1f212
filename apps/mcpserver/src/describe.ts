import type { JoinState } from "@parley/fleet";

/** A change of membership in one line; nothing for a refusal, which ends the program with its error. */
export function describeJoin(state: JoinState, hub: string): string | undefined {
  if (state.kind === "joined") return `Joined the hub at ${hub} as ${state.prefix}.`;
  if (state.kind === "left") return state.wasMember ? "Left the hub." : undefined;
  if (state.kind === "refused") return undefined;
  return `${state.error.message} Trying again in ${(state.retryInMs / 1000).toFixed(1)} s.`;
}
