import { ParleyError } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import { startDeadline } from "./_deadline.ts";
import { protocolError } from "./_errors.ts";
import type { LegacySession } from "./_legacy.ts";
import { isSessionLost, openLegacy } from "./_legacy.ts";
import { isObject } from "./_messages.ts";
import type { McpRequest, ModernAnswer } from "./_modern.ts";
import { answerError, createModern, modernVersion } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import type { JsonObject, McpEra } from "./options.ts";

/** JSON-RPC code of a peer that does not speak the requested revision (2026-07-28). */
const unsupportedVersion = -32_022;

type Link =
  | { readonly era: "modern"; readonly discovered?: JsonObject | undefined }
  | { readonly era: "legacy"; readonly session: LegacySession };

/** A peer with its era found out and remembered. */
export interface Connection {
  era(): McpEra | undefined;
  request(request: McpRequest, what: string): Promise<JsonObject>;
  discover(deadline: Deadline): Promise<JsonObject>;
  close(): Promise<void>;
}

interface ConnectionOptions {
  readonly peer: Peer;
  readonly era: McpEra | "auto";
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
}

function versionsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((version) => typeof version === "string") : undefined;
}

/** Decides the era by the answer to `server/discover`, as the SDK does: no refusal but 5xx means modern. */
function judge(peer: Peer, answer: ModernAnswer): McpEra {
  if (answer.kind === "result") {
    return versionsIn(answer.result["supportedVersions"])?.includes(modernVersion) ? "modern" : "legacy";
  }
  const { error, status } = answer;
  if (status >= 500 && !error) throw answerError(peer, "server/discover", answer);
  if (error?.code !== unsupportedVersion || !isObject(error.data)) return "legacy";
  const newer = versionsIn(error.data["supported"])?.find((version) => version > modernVersion);
  if (newer === undefined) return "legacy";
  throw protocolError(peer, `speaks only revision ${peer.quote(newer)} of MCP, newer than ${modernVersion}`);
}

/** Opens nothing until the first request; forgets what it found when the peer cannot be reached. */
export function createConnection({ peer, era, timeoutMs, closing }: ConnectionOptions): Connection {
  const send = createModern(peer);
  let link: Promise<Link> | undefined;
  let current: McpEra | undefined;

  const probe = async (deadline: Deadline): Promise<Link> => {
    const answer = await send({ method: "server/discover", params: {}, deadline });
    if (judge(peer, answer) === "legacy")
      return { era: "legacy", session: await openLegacy(peer, deadline.signal) };
    return { era: "modern", discovered: answer.kind === "result" ? answer.result : undefined };
  };

  const open = async (): Promise<Link> => {
    if (era === "modern") return { era };
    const deadline = startDeadline({
      peer,
      what: "the handshake",
      defaultTimeoutMs: timeoutMs,
      call: {},
      closing,
    });
    try {
      return era === "auto"
        ? await probe(deadline)
        : { era, session: await openLegacy(peer, deadline.signal) };
    } catch (error) {
      throw deadline.reason() ?? error;
    } finally {
      deadline.end();
    }
  };

  /** Drops what was found, without ending other calls on it and without dropping what a later call found. */
  const forget = (used: Promise<Link> | undefined): void => {
    if (link === used) link = undefined;
  };

  /** What is known of the peer, or the asking for it; a failed asking is not kept. */
  const opened = (): Promise<Link> => {
    if (link) return link;
    const fresh = open();
    link = fresh;
    fresh.catch(() => forget(fresh));
    return fresh;
  };

  const linked = async (deadline: Deadline): Promise<Link> => {
    const found = await deadline.within(opened());
    current = found.era;
    return found;
  };

  const sendModern = async (request: McpRequest, what: string): Promise<JsonObject> => {
    const answer = await send(request);
    if (answer.kind === "result") return answer.result;
    const error = answerError(peer, what, answer);
    throw answer.error?.code === unsupportedVersion ? new VersionLost(error) : error;
  };

  const attempt = async (request: McpRequest, what: string): Promise<JsonObject> => {
    const found = await linked(request.deadline);
    if (found.era === "modern") return await sendModern(request, what);
    return await found.session.request(request, what);
  };

  return {
    era: () => current,
    async request(request, what) {
      const used = opened();
      try {
        return await attempt(request, what);
      } catch (error) {
        if (isSessionLost(error) || (error instanceof VersionLost && era === "auto")) {
          forget(used);
          return await attempt(request, what);
        }
        if (ParleyError.isInstance(error) && error.code === "E_MCP_UNREACHABLE") forget(used);
        throw error instanceof VersionLost ? error.reason : error;
      }
    },
    async discover(deadline) {
      const found = await linked(deadline);
      if (found.era === "legacy") return found.session.describe();
      return await this.request({ method: "server/discover", params: {}, deadline }, "server/discover");
    },
    async close() {
      const last = await link?.catch(() => undefined);
      if (last?.era === "legacy") await last.session.close();
    },
  };
}

/** A peer that spoke the modern revision and no longer does. */
class VersionLost extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}
