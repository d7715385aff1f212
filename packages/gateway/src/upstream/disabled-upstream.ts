import { type Clock, ParleyError } from "@parley/core";
import { nothingOffered } from "../pins/definition.ts";
import type { GatewayServer } from "../config/gateway-config.ts";
import { emptyCatalogue } from "./catalogue.ts";
import type { Upstream } from "./upstream.ts";

/** A server whose entry says that it is not to be used: shown, and never called. */
export function disabledUpstream(server: GatewayServer, clock: Clock): Upstream {
  const refuse = async (): Promise<never> => {
    throw new ParleyError("E_OBJECT_UNKNOWN", `The server ${server.name} is disabled by its entry.`);
  };
  return {
    server,
    status: { state: "disabled", since: clock.now() },
    catalogue: emptyCatalogue,
    offered: nothingOffered,
    settled: Promise.resolve(),
    running: 0,
    callTool: refuse,
    within: refuse,
    onChange: () => () => undefined,
    onTouch: () => () => undefined,
    retire: async () => undefined,
    close: async () => undefined,
  };
}
