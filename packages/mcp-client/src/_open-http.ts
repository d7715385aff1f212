import { ParleyError } from "@parley/core";
import { startDeadline } from "./_deadline.ts";
import type { Deadline } from "./_deadline.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { openLegacyHttp } from "./_legacy-http.ts";
import type { Endpoint, Inbound, Link } from "./_link.ts";
import { answerError, createModernLink, createModernSend } from "./_modern-http.ts";
import { openSse } from "./_open-sse.ts";
import { probe } from "./_probe.ts";

interface HttpEndpointOptions {
  readonly peer: HttpPeer;
  readonly transport: "http" | "sse";
  /** How long a peer may keep silent before a handshake is tried. */
  readonly patienceMs: number;
}

/** Statuses by which a server that knows only the old SSE transport refuses a POST. */
const sseHints: ReadonlySet<unknown> = new Set([400, 404, 405]);

interface LegacyOpening {
  readonly peer: HttpPeer;
  readonly deadline: Deadline;
  readonly inbound: Inbound;
  /** How long the guess at the old transport may take. */
  readonly patienceMs: number;
}

/** A handshake over streamable HTTP, or over the SSE transport of 2024 where the peer knows nothing else. */
async function openLegacy({ peer, deadline, inbound, patienceMs }: LegacyOpening): Promise<Link> {
  try {
    return await openLegacyHttp(peer, deadline, inbound);
  } catch (error) {
    if (!ParleyError.isInstance(error) || !sseHints.has(error.details["status"])) throw error;
    const guess = startDeadline({
      peer,
      what: "the event stream",
      defaultTimeoutMs: patienceMs,
      call: {},
      closing: deadline.signal,
    });
    try {
      return await openSse(peer, guess, inbound);
    } catch {
      // The first error says more than the failure of a guess.
      throw deadline.reason() ?? error;
    } finally {
      guess.end();
    }
  }
}

/** Links to a peer over HTTP. */
export function createHttpEndpoint({ peer, transport, patienceMs }: HttpEndpointOptions): Endpoint {
  const find = async (deadline: Deadline, inbound: Inbound): Promise<Link> => {
    const send = createModernSend(peer, inbound);
    const what = "server/discover";
    return await probe({
      peer,
      deadline,
      patienceMs,
      async ask(limited) {
        const answer = await send({ method: what, params: {}, what, deadline: limited, call: {} });
        // Some servers of the older revisions fall over a method they do not know.
        const failed = answer.kind === "error" && answer.status > 501 && !answer.error;
        if (failed) throw answerError(peer, what, answer);
        return answer;
      },
      openLegacy: () => openLegacy({ peer, deadline, inbound, patienceMs }),
      openModern: (server) => createModernLink(peer, { send, inbound, server }),
    });
  };

  return {
    peer,
    async open(era, deadline, inbound) {
      if (transport === "sse") return await openSse(peer, deadline, inbound);
      if (era === "legacy") return await openLegacy({ peer, deadline, inbound, patienceMs });
      if (era === "auto") return await find(deadline, inbound);
      const send = createModernSend(peer, inbound);
      return createModernLink(peer, { send, inbound, server: undefined });
    },
    close: () => peer.disconnect(),
  };
}
