import { ParleyError } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { createModernDuplex, discoverOver, openLegacyDuplex } from "../_duplex-links.ts";
import type { Endpoint, Inbound, Link } from "../_link.ts";
import type { Peer } from "../_peer.ts";
import { probe } from "../_probe.ts";
import type { McpEra } from "../options.ts";
import { startChild } from "./_child.ts";
import type { Child } from "./_child.ts";
import type { StdioClientOptions } from "./create-stdio-client.ts";

interface StdioEndpointOptions {
  readonly peer: Peer;
  readonly patienceMs: number;
  readonly options: StdioClientOptions;
}

/** Tells when a process ends that nobody here stopped. */
function watch(child: Child, link: Link, inbound: Inbound): Link {
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    await child.stop();
  };
  const watched: Link = { ...link, retire: () => void stop(), close: stop };
  const tell = async (): Promise<void> => {
    const reason = await child.gone;
    if (!stopped) inbound.lost(watched, reason);
  };
  void tell();
  return watched;
}

const endedByItself = (error: unknown): boolean =>
  ParleyError.isInstance(error) && error.code === "E_MCP_UNREACHABLE";

/** Links to a program; each link has a process of its own, and there is one at a time. */
export function createStdioEndpoint({ peer, patienceMs, options }: StdioEndpointOptions): Endpoint {
  const children = new Set<Child>();
  let handshakeOnly = false;

  const start = (inbound: Inbound): Child => {
    const child = startChild({ peer, inbound, options });
    children.add(child);
    void child.gone.then(() => children.delete(child));
    return child;
  };

  const shake = (child: Child, deadline: Deadline, inbound: Inbound): Promise<Link> => {
    const { duplex } = child;
    return openLegacyDuplex({ peer, duplex, inbound, deadline, close: () => child.stop() });
  };

  const speak = async (child: Child, era: McpEra | "auto", on: [Deadline, Inbound]): Promise<Link> => {
    const [deadline, inbound] = on;
    const { duplex } = child;
    if (era === "legacy") return await shake(child, deadline, inbound);
    const parts = { peer, duplex, inbound, deadline, close: () => child.stop() };
    if (era === "modern") return createModernDuplex(parts, undefined);
    return await probe({
      peer,
      deadline,
      patienceMs,
      ask: (limited) => discoverOver({ ...parts, deadline: limited }),
      openLegacy: () => shake(child, deadline, inbound),
      openModern: (server) => createModernDuplex(parts, server),
    });
  };

  return {
    peer,
    async open(era, deadline, inbound) {
      const wanted = era === "auto" && handshakeOnly ? "legacy" : era;
      const child = start(inbound);
      try {
        return watch(child, await speak(child, wanted, [deadline, inbound]), inbound);
      } catch (error) {
        await child.stop();
        // Some servers end at anything that comes before a handshake: those get nothing but one.
        const intolerant = wanted === "auto" && endedByItself(error) && !deadline.reason();
        if (!intolerant) throw deadline.reason() ?? error;
      }
      const another = start(inbound);
      try {
        const link = watch(another, await shake(another, deadline, inbound), inbound);
        handshakeOnly = true;
        return link;
      } catch (error) {
        await another.stop();
        throw deadline.reason() ?? error;
      }
    },
    close: async () => void (await Promise.all([...children].map((child) => child.stop()))),
  };
}
