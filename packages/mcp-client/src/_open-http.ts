import { ParleyError } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { openLegacyHttp } from "./_legacy-http.ts";
import type { Endpoint, Inbound, Link } from "./_link.ts";
import { answerError, createModernLink, createModernSend } from "./_modern-http.ts";
import { judge } from "./_modern.ts";
import { openSse } from "./_open-sse.ts";
import { startDeadline } from "./_deadline.ts";

interface HttpEndpointOptions {
  readonly peer: HttpPeer;
  readonly transport: "http" | "sse";
  readonly probeTimeoutMs: number;
}

/** Statuses by which a server that knows only the old SSE transport refuses a POST. */
const sseHints: ReadonlySet<unknown> = new Set([400, 404, 405]);

/** A handshake over streamable HTTP, or over the SSE transport of 2024 where the peer knows nothing else. */
async function openLegacy(peer: HttpPeer, deadline: Deadline, inbound: Inbound): Promise<Link> {
  try {
    return await openLegacyHttp(peer, deadline, inbound);
  } catch (error) {
    if (!ParleyError.isInstance(error) || !sseHints.has(error.details["status"])) throw error;
    // The first error says more than the failure of a guess.
    return await openSse(peer, deadline, inbound).catch(() => {
      throw deadline.reason() ?? error;
    });
  }
}

/** Links to a peer over HTTP. */
export function createHttpEndpoint({ peer, transport, probeTimeoutMs }: HttpEndpointOptions): Endpoint {
  const probe = async (deadline: Deadline, inbound: Inbound): Promise<Link> => {
    const send = createModernSend(peer, inbound);
    const what = "server/discover";
    const brief = startDeadline({
      peer,
      what,
      defaultTimeoutMs: probeTimeoutMs,
      call: {},
      closing: deadline.signal,
    });
    const request = { method: what, params: {}, what, deadline: brief, call: {} };
    try {
      const answer = await send(request);
      const failed = answer.kind === "error" && answer.status >= 500 && !answer.error;
      if (failed) throw answerError(peer, what, answer);
      if (judge(peer, answer) === "modern") {
        const server = answer.kind === "result" ? answer.result : undefined;
        return createModernLink(peer, { send, inbound, server });
      }
    } catch (error) {
      const silent = ParleyError.isInstance(error) && error.code === "E_MCP_TIMEOUT";
      if (!silent || deadline.reason()) throw deadline.reason() ?? error;
    } finally {
      brief.end();
    }
    return await openLegacy(peer, deadline, inbound);
  };

  return {
    peer,
    async open(era, deadline, inbound) {
      if (transport === "sse") return await openSse(peer, deadline, inbound);
      if (era === "legacy") return await openLegacy(peer, deadline, inbound);
      if (era === "auto") return await probe(deadline, inbound);
      const send = createModernSend(peer, inbound);
      return createModernLink(peer, { send, inbound, server: undefined });
    },
    close: () => peer.disconnect(),
  };
}
