import type { FastifyInstance } from "fastify";
import type { Keyring } from "../policy/keyring.ts";
import { overviewFor } from "./overview.ts";
import type { OverviewSource } from "./overview.ts";

export interface OverviewRouteOptions extends OverviewSource {
  readonly keyring: () => Keyring;
}

/** What no server can be called, so that no server's routes are ever behind it. */
const ownPath = "/-/";

/** `/-/overview`: how the servers are and what was called, for whoever has a key where there are keys. */
export function overviewRoute(options: OverviewRouteOptions): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    scope.get(`${ownPath}overview`, async ({ caller }, reply) => {
      void reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
      return overviewFor(options, { view: options.keyring().viewOfCaller(caller.name), caller: caller.name });
    });
  };
}
