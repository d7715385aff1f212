import { ParleyError } from "@parley/core";
import type { LeaseRef, Queue } from "@parley/queue";
import type { ToolContext } from "@parley/tool-registry";
import type { Orchestrator } from "../orchestrator.ts";

/** What the tools work with. */
export interface Desk {
  readonly queue: Queue;
  readonly orchestrator: Orchestrator;
  readonly held: HeldLeases;
}

/** Who is calling, for the audit trail. */
export function actorOf({ caller }: ToolContext): string {
  return (caller ?? "anonymous").slice(0, 200);
}

/** Leases that a lasting connection took, so that its client need not repeat their tokens. */
export interface HeldLeases {
  keep(lease: LeaseRef, context: ToolContext): void;
  /** The lease that a call is about. @throws `E_ARGUMENT_INVALID` when neither the call nor its connection has one */
  of(id: string, token: string | undefined, context: ToolContext): LeaseRef;
  drop(id: string, context: ToolContext): void;
}

/** The most leases that are remembered for one connection. */
const mostHeld = 1000;

/** @param oneClient - all calls come from one client, as over stdio */
export function createHeldLeases(oneClient: boolean): HeldLeases {
  const sessions = new Map<string, Map<string, string>>();
  const only = new Map<string, string>();
  const leasesOf = ({ session }: ToolContext): Map<string, string> | undefined => {
    if (oneClient) return only;
    if (session === undefined || session.closed.aborted) return undefined;
    const { id, closed } = session;
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const made = new Map<string, string>();
    sessions.set(id, made);
    closed.addEventListener("abort", () => sessions.delete(id), { once: true });
    return made;
  };
  return {
    keep({ id, token }, context) {
      const leases = leasesOf(context);
      leases?.set(id, token);
      const [oldest] = leases?.keys() ?? [];
      if (leases !== undefined && leases.size > mostHeld && oldest !== undefined) leases.delete(oldest);
    },
    of(id, token, context) {
      const known = token ?? leasesOf(context)?.get(id);
      if (known !== undefined) return { id, token: known };
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `The task ${id.slice(0, 100)} was not claimed over this connection: send its lease_token, as get_next_task or start_task gave it.`,
        { details: { id: id.slice(0, 200) } },
      );
    },
    drop(id, context) {
      leasesOf(context)?.delete(id);
    },
  };
}
