import { isoTime } from "@parley/core";
import type { ReplicaState } from "./pool/replica.ts";
import type { View } from "./policy/view.ts";
import type { Roster } from "./upstream/roster.ts";
import type { UpstreamState } from "./upstream/upstream.ts";

/** How one server behind a gateway is. */
export interface ServerState {
  readonly name: string;
  readonly state: UpstreamState;
  /** Why it is not ready, in one sentence. */
  readonly reason?: string | undefined;
  /** ISO-8601 UTC. */
  readonly since: string;
  readonly transport: "stdio" | "http" | "sse";
  readonly tools: number;
  readonly prompts: number;
  readonly resources: number;
  readonly running: number;
  /** What nobody gets, with the reasons. */
  readonly withheld?: readonly { readonly item: string; readonly reason: string }[] | undefined;
  /** How each is where several servers are one, and where a breaker keeps calls from one that fails. */
  readonly parts?: readonly ReplicaState[] | undefined;
}

/** The servers a caller sees, in the order of the configuration. */
export function serverStates(roster: Roster, view: View): readonly ServerState[] {
  return roster
    .of(view)
    .filter(({ server }) => view.seesServer(server.name))
    .map(({ server, status, catalogue, running, replicaStates, withheld = [] }) => ({
      name: server.name,
      state: status.state,
      ...(status.reason === undefined ? {} : { reason: status.reason }),
      since: isoTime(status.since),
      transport: server.connection.kind,
      tools: catalogue.tools.size,
      prompts: catalogue.prompts.size,
      resources: catalogue.resources.length,
      running,
      ...(withheld.length === 0 ? {} : { withheld: withheld.map(({ item, reason }) => ({ item, reason })) }),
      ...(replicaStates === undefined ? {} : { parts: replicaStates() }),
    }));
}
