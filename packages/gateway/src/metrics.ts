/** Prometheus metrics of a gateway: those of its MCP server, and of each server behind it. */
import { createMetrics } from "@parley/server/metrics";
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
  const calls = new Counter({
    name: "mcp_gateway_calls_total",
    help: "Finished calls of the servers behind the gateway by outcome.",
    labelNames: ["server", "kind", "name", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "mcp_gateway_call_duration_seconds",
    help: "How long calls of the servers behind the gateway took.",
    labelNames: ["server", "kind"],
    buckets,
    registers,
  });
  const requests = new Counter({
    name: "mcp_gateway_http_requests_total",
    help: "Answered HTTP requests by pattern of the route.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const label = createLabels(options.maxNames ?? 500);
  return {
    ...inner,
    gateway: {
      called({ server, kind, name, outcome, durationMs }) {
        const labels = { ...label(server, kind === "resource" ? "(any)" : (name ?? other)), kind };
        calls.inc({ ...labels, outcome });
        durations.observe({ server: labels.server, kind }, durationMs / 1000);
      },
      answered({ method, route, status, isKnown }) {
        requests.inc({ method, route: isKnown ? route : "(unknown)", status: String(status) });
      },
      bind(source) {
        for (const gauge of gaugesOf(source)) register.registerMetric(gauge);
      },
    },
    text: async () => `${(await inner.text()).trimEnd()}\n${await register.metrics()}`,
  };
}

/** Keeps the number of label values bounded, whatever is configured one after the other. */
function createLabels(maxNames: number): (server: string, name: string) => { server: string; name: string } {
  const servers = new Set<string>();
  const names = new Set<string>();
  return (server, name) => {
    if (!give(servers, server, maxServers)) return { server: other, name: other };
    return { server, name: give(names, `${server}\n${name}`, maxNames) ? name : other };
  };
}

/** Whether a value has a label of its own, which it gets while there are less than `most`. */
function give(given: Set<string>, wanted: string, most: number): boolean {
  if (given.has(wanted)) return true;
  if (given.size >= most) return false;
  given.add(wanted);
  return true;
}

const states = ["connecting", "ready", "unreachable", "refused", "disabled"] as const;

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
