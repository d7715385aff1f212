import type { Deadline } from "./_deadline.ts";
import type { Duplex } from "./_duplex.ts";
import { shakeHands } from "./_handshake.ts";
import { EraDoubt } from "./_link.ts";
import type { Inbound, Link } from "./_link.ts";
import { listenRequest } from "./_listen.ts";
import { createMeta, unsupportedVersion } from "./_modern.ts";
import type { ModernAnswer } from "./_modern.ts";
import type { Peer } from "./_peer.ts";
import { ParleyError } from "@parley/core";
import type { JsonObject } from "./json.ts";

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
    request: (request) =>
      duplex
        .requestWith(request, (id) => metaOf(request, id))
        .catch((error: unknown) => {
          const certain = rpcCodeOf(error) === unsupportedVersion;
          throw certain && error instanceof Error ? new EraDoubt(error, true) : error;
        }),
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

/** Sends `server/discover` over the one stream there is. */
export async function discoverOver(options: DuplexLinkOptions): Promise<ModernAnswer> {
  const { peer, duplex, inbound, deadline } = options;
  const metaOf = createMeta(peer, inbound);
  const request = { method: "server/discover", params: {}, what: "server/discover", deadline, call: {} };
  try {
    return { kind: "result", result: await duplex.requestWith(request, (id) => metaOf(request, id)) };
  } catch (error) {
    const code = rpcCodeOf(error);
    if (typeof code !== "number" || !ParleyError.isInstance(error)) throw error;
    return { kind: "error", status: 200, error: { code, message: "", data: error.details["rpcData"] } };
  }
}
