import type { Deadline } from "./_deadline.ts";
import type { Duplex } from "./_duplex.ts";
import { shakeHands } from "./_handshake.ts";
import { EraDoubt } from "./_link.ts";
import type { Inbound, Link } from "./_link.ts";
import { listenRequest } from "./_listen.ts";
import { createMeta, judge, unsupportedVersion } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import { ParleyError } from "@parley/core";
import type { JsonObject } from "./json.ts";
import type { McpEra } from "./options.ts";

interface DuplexLinkOptions {
  readonly peer: Peer;
  readonly duplex: Duplex;
  readonly inbound: Inbound;
  readonly deadline: Deadline;
  readonly close: () => Promise<void>;
}

/** A link to a legacy peer over one stream, after its handshake. */
export async function openLegacyDuplex(options: DuplexLinkOptions): Promise<Link> {
  const { peer, duplex, inbound, deadline, close } = options;
  const server = await shakeHands({ peer, wire: duplex, inbound, deadline });
  return {
    era: "legacy",
    lasting: true,
    server,
    request: (request) => duplex.request(request),
    listen: () => Promise.resolve(),
    notify: (method, params) => duplex.notify(method, params),
    retire() {},
    close,
  };
}

/** A link to a modern peer over one stream; there is no handshake. */
export function createModernDuplex(options: DuplexLinkOptions, server: JsonObject | undefined): Link {
  const { peer, duplex, inbound, close } = options;
  const metaOf = createMeta(peer, inbound);
  return {
    era: "modern",
    lasting: true,
    server,
    async request(request) {
      try {
        return await duplex.requestWith(request, (id) => metaOf(request, id));
      } catch (error) {
        const certain = rpcCodeOf(error) === unsupportedVersion;
        throw certain && error instanceof Error ? new EraDoubt(error, true) : error;
      }
    },
    async listen(filter, listening) {
      const request = listenRequest(inbound, filter, listening);
      await duplex.requestWith(request, (id) => metaOf(request, id));
    },
    notify: () => Promise.resolve(),
    retire() {},
    close,
  };
}

const rpcCodeOf = (error: unknown): unknown =>
  ParleyError.isInstance(error) ? error.details["rpcCode"] : undefined;

/** Asks a peer for its era over the one stream there is; a peer that keeps silent is legacy. */
export async function probeDuplex(options: DuplexLinkOptions): Promise<{ era: McpEra; server?: JsonObject }> {
  const { peer, duplex, inbound, deadline } = options;
  const metaOf = createMeta(peer, inbound);
  const request = { method: "server/discover", params: {}, what: "server/discover", deadline, call: {} };
  try {
    const result = await duplex.requestWith(request, (id) => metaOf(request, id));
    return { era: judge(peer, { kind: "result", result }), server: result };
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    if (error.code === "E_MCP_TIMEOUT") return { era: "legacy" };
    const code = rpcCodeOf(error);
    if (typeof code !== "number") throw error;
    const data = error.details["rpcData"];
    return { era: judge(peer, { kind: "error", status: 200, error: { code, message: "", data } }) };
  }
}
