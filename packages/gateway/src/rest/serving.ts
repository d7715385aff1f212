import type { FastifyReply, FastifyRequest } from "fastify";
import type { CallDesk } from "../calls/call-desk.ts";
import { ParleyError, Stop } from "@parley/core";
import type { Ending } from "@parley/core";
import { toolContext } from "@parley/tool-registry";
import type { ToolContext } from "@parley/tool-registry";
import { groupFor } from "../groups/groups.ts";
import type { Group, Groups } from "../groups/groups.ts";
import type { Keyring } from "../policy/keyring.ts";
import type { View } from "../policy/view.ts";
import type { Roster } from "../upstream/roster.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Running } from "../upstream/running.ts";
import type { RestFault } from "./faults.ts";
import { readPreferences } from "./preferences.ts";

/** What the routes of a gateway work with. */
export interface Serving {
  readonly roster: Roster;
  readonly keyring: () => Keyring;
  readonly groups: () => Groups;
  /** Calls that run over REST. */
  readonly running: Running;
  /** Calls whose callers come back for them. */
  readonly desk: CallDesk;
  /** Where those calls are, as a caller addresses it, without a final slash. */
  readonly callsAddress: string;
}

/** The server of an address, as far as the caller may know of it. @throws `E_OBJECT_UNKNOWN` */
export function findUpstream({ roster }: Serving, name: string, view: View): Upstream {
  const found = roster.find(name, view);
  if (found !== undefined) return found;
  const shown = JSON.stringify(name.slice(0, 64));
  throw new ParleyError("E_OBJECT_UNKNOWN", `There is no server named ${shown}; see /openapi.json.`);
}

/** A group, as far as the caller may know of it. @throws `E_OBJECT_UNKNOWN` */
export function findGroup({ groups }: Serving, name: string, view: View): Group {
  const found = groupFor(groups(), name, view);
  if (found !== undefined) return found;
  const shown = JSON.stringify(name.slice(0, 64));
  throw new ParleyError("E_OBJECT_UNKNOWN", `There is no group or server named ${shown}; see /openapi.json.`);
}

/** What the sender of a request sees, at the address it was sent to. @throws `E_OBJECT_UNKNOWN` for no such group */
export function viewFor(serving: Serving, { caller, params }: FastifyRequest): View {
  const view = serving.keyring().viewOfCaller(caller);
  const group: unknown =
    typeof params === "object" && params !== null ? Reflect.get(params, "group") : undefined;
  return typeof group === "string" ? findGroup(serving, group, view).view : view;
}

/** Says why a server has nothing to offer yet, if that is so. @throws `E_MCP_UNREACHABLE` */
export function checkReachable({ server, status }: Upstream): void {
  const { state, reason = "it has not answered yet" } = status;
  if (state === "ready") return;
  if (state === "disabled") {
    throw new ParleyError("E_OBJECT_UNKNOWN", `The server ${server.name} is disabled by its entry.`);
  }
  throw new ParleyError("E_MCP_UNREACHABLE", `The server ${server.name} is ${state}: ${reason}`);
}

/** Ends when the caller goes away before it was answered. */
export function callerEnding(reply: FastifyReply): Ending {
  const gone = new Stop();
  // It is told once.
  reply.raw.on("close", () => {
    if (!reply.raw.writableFinished) {
      gone.abort(new ParleyError("E_INTERRUPTED", "The caller has gone away."));
    }
  });
  return gone;
}

/** The same as a signal. */
export function callerSignal(reply: FastifyReply): AbortSignal {
  return callerEnding(reply).signal;
}

/** The context of a call for whoever sent a request. */
export function callerContext({ caller }: FastifyRequest, reply: FastifyReply): ToolContext {
  return toolContext({ signal: callerSignal(reply), caller: caller.name, headers: caller.headers });
}

/** `Prefer: wait=N` (RFC 7240) in milliseconds: how long the caller will wait for this call. */
export function preferredWaitMs({ headers }: FastifyRequest): number | undefined {
  return readPreferences(headers["prefer"]).waitMs;
}

export function sendFault(reply: FastifyReply, { status, error, detail }: RestFault): FastifyReply {
  const seconds = error.details?.["retryAfterSeconds"];
  if (typeof seconds === "number") void reply.header("retry-after", String(seconds));
  return reply.code(status).send({ error, detail });
}
