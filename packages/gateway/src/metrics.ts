/** Prometheus metrics of a gateway: those of its MCP server, and of each server behind it. */
import { createMetrics, Tally } from "@parley/server/metrics";
import type { Metrics, MetricsOptions } from "@parley/server/metrics";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ServerState } from "./status.ts";
import type { GatewayMeters, MeterSource } from "./watch/meters.ts";

export type { GatewayMeters } from "./watch/meters.ts";

/** Metrics for `createGateway`, as its `metrics`. */
export interface GatewayMetrics extends Metrics {
  readonly gateway: GatewayMeters;
}

/** Seconds: an echo takes less than one, a simulation minutes. */
const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 60, 300];
/** Servers that get a label of their own, most; those of later configurations are counted as `(other)`. */
const maxServers = 200;
const other = "(other)";

/** @param options - `maxNames` bounds the series: tools and prompts that get a label of their own, by server. */
export function createGatewayMetrics(options: MetricsOptions = {}): GatewayMetrics {
  const inner = createMetrics(options);
  const register = new Registry();
  const registers = [register];
  const calls = new Tally({
    name: "mcp_gateway_calls_total",
    help: "Finished calls of the servers behind the gateway by outcome.",
    labelNames: ["server", "name", "kind", "outcome"],
    register,
  });
  const durations = new Histogram({
    name: "mcp_gateway_call_duration_seconds",
    help: "How long calls of the servers behind the gateway took.",
    labelNames: ["server", "kind"],
    buckets,
    registers,
  });
  const requests = new Tally({
    name: "mcp_gateway_http_requests_total",
    help: "Answered HTTP requests by pattern of the route.",
    labelNames: ["method", "route", "status"],
    register,
  });
  const label = createLabels(options.maxNames ?? 500);
  return {
    ...inner,
    gateway: {
      called({ server, kind, name, outcome, durationMs }) {
        const shown = label(server, kind === "resource" ? "(any)" : (name ?? other));
        calls.add(shown.server, shown.name, kind, outcome);
        durations.observe({ server: shown.server, kind }, durationMs / 1000);
      },
      answered({ method, route, status, isKnown }) {
        requests.add(method, isKnown ? route : "(unknown)", String(status));
      },
      bind(source) {
        for (const gauge of gaugesOf(source)) register.registerMetric(gauge);
      },
    },
    text: async () => `${(await inner.text()).trimEnd()}\n${await register.metrics()}`,
  };
}

interface Labels {
  readonly server: string;
  readonly name: string;
}

/** Keeps the number of label values bounded, whatever is configured one after the other. */
function createLabels(maxNames: number): (server: string, name: string) => Labels {
  const servers = new Map<string, Map<string, Labels>>();
  let names = 0;
  return (server, name) => {
    let known = servers.get(server);
    if (known === undefined) {
      if (servers.size >= maxServers) return { server: other, name: other };
      known = new Map();
      servers.set(server, known);
    }
    const given = known.get(name);
    if (given !== undefined) return given;
    if (names >= maxNames) return { server, name: other };
    names += 1;
    const fresh = { server, name };
    known.set(name, fresh);
    return fresh;
  };
}

const states = ["connecting", "installing", "ready", "unreachable", "refused", "disabled"] as const;

/** How a gauge of the servers is read: its value, or one for each state. */
interface GaugeOptions {
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: (gauge: Gauge) => void;
}

function gauge(name: string, { help, labelNames = ["server"], read }: GaugeOptions): Gauge {
  return new Gauge({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset();
      read(this);
    },
  });
}

function gaugesOf(source: MeterSource): readonly (Gauge | Counter)[] {
  const servers = () => source.servers().slice(0, maxServers);
  const each = (value: (state: ServerState) => number) => (set: Gauge) => {
    for (const state of servers()) set.set({ server: state.name }, value(state));
  };
  return [
    gauge("mcp_gateway_upstream_up", {
      help: "Whether a server is ready.",
      read: each(({ state }) => (state === "ready" ? 1 : 0)),
    }),
    gauge("mcp_gateway_upstream_state", {
      help: "1 for the state a server is in.",
      labelNames: ["server", "state"],
      read(set) {
        for (const { name, state: current } of servers())
          for (const state of states) set.set({ server: name, state }, state === current ? 1 : 0);
      },
    }),
    gauge("mcp_gateway_running_calls", {
      help: "Calls of a server that run now.",
      read: each(({ running }) => running),
    }),
    gauge("mcp_gateway_tools", { help: "Tools a server offers.", read: each(({ tools }) => tools) }),
    gauge("mcp_gateway_sessions", {
      help: "Open sessions of 2025-era clients, at every MCP address of the gateway.",
      labelNames: [],
      read: (set) => set.set(source.sessions()),
    }),
    new Counter({
      name: "mcp_gateway_upstream_restarts_total",
      help: "How often a server was there again after it had been away.",
      labelNames: ["server"],
      registers: [],
      collect() {
        this.reset();
        for (const { name } of servers()) this.inc({ server: name }, source.reconnects(name));
      },
    }),
  ];
}
