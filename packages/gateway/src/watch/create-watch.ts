import { AfterTurn, systemClock } from "@parley/core";
import type { FastifyInstance } from "fastify";
import type { GatewayDependencies } from "../gateway.ts";
import { everything } from "../policy/view.ts";
import type { Serving } from "../rest/serving.ts";
import { serverStates } from "../status.ts";
import type { RosterOptions } from "../upstream/roster.ts";
import { createHistory } from "./history.ts";
import { overviewRoute } from "./overview-route.ts";
import type { UpstreamCallRecord } from "./upstream-call.ts";

/** Sees what a gateway does: for its page, its metrics and whoever listens. */
export interface Watch {
  /** For the servers; they tell the dependencies' own too. */
  readonly hooks: Pick<RosterOptions, "onCall" | "onStatus">;
  install(app: FastifyInstance, watched: Watched): void;
}

/** What is watched. */
interface Watched {
  readonly serving: Serving;
  readonly name: string;
  readonly pathOf: (server: string) => string;
  readonly sessions: () => number;
}

type WatchOptions = Pick<GatewayDependencies, "clock" | "metrics" | "onCall" | "onStatus">;

export function createWatch({ clock = systemClock, metrics, onCall, onStatus }: WatchOptions): Watch {
  const startedAt = clock.now();
  const history = createHistory();
  const meters = metrics?.gateway;
  const calls = new AfterTurn<UpstreamCallRecord>((call) => {
    history.called(call);
    meters?.called(call);
    onCall?.(call);
  });
  return {
    hooks: {
      onCall: (call) => calls.add(call),
      onStatus(server, status) {
        history.changed(server, status);
        onStatus?.(server, status);
      },
    },
    install(app, { serving, name, pathOf, sessions }) {
      const { roster, keyring } = serving;
      void app.register(overviewRoute({ roster, history, name, startedAt, pathOf, keyring }));
      if (meters === undefined) return;
      const servers = () => serverStates(roster, everything);
      meters.bind({ servers, sessions, reconnects: (server) => history.of(server).reconnects });
      app.addHook("onResponse", (request, { statusCode }, done) => {
        const { method } = request;
        const { url } = request.route ?? request.routeOptions;
        meters.answered({ method, route: url ?? "", status: statusCode, isKnown: url !== undefined });
        done();
      });
    },
  };
}
