/** Prometheus metrics of one server, with prom-client and a registry of their own. */
import { AfterTurn } from "@parley/core";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Activity } from "./activity.ts";
import type { CallRecord } from "./observer.ts";
import { Tally } from "./tally.ts";

export { Tally } from "./tally.ts";

/** What a server counts; give it to `createServer` as `metrics`. */
export interface Metrics {
  readonly contentType: string;
  /** Counts a finished call. */
  called(record: CallRecord): void;
  /** Counts a request that was turned away, by error code. */
  refused(code: string): void;
  /** Reads the gauges from here; the server binds itself. */
  bind(activity: () => Activity, isKnown: KnownName): void;
  /** The text of `GET /metrics`. */
  text(): Promise<string>;
}

/** Whether a call's name is one this server gave out. */
export type KnownName = (kind: CallRecord["kind"], name: string) => boolean;

/** How {@link createMetrics} is called. */
export interface MetricsOptions {
  /** Names that get a label of their own, most; what comes later is counted as `(other)`. Default 500. */
  readonly maxNames?: number | undefined;
  /** Metrics of the process (memory, garbage collection, event-loop lag) too; default `true`. */
  readonly process?: boolean | undefined;
}

/** Seconds: an echo takes less than one, a secretary a minute. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { maxNames = 500 } = options;
  const register = new Registry();
  const registers = [register];
  if (options.process ?? true) collectDefaultMetrics({ register });
  const calls = new Tally({
    name: "mcp_calls_total",
    help: "Finished calls of tools, prompts and resources by outcome.",
    labelNames: ["kind", "name", "outcome"],
    register,
  });
  const durations = new Histogram({
    name: "mcp_call_duration_seconds",
    help: "How long calls took.",
    labelNames: ["kind", "name"],
    buckets,
    registers,
  });
  const refusals = new Counter({
    name: "mcp_refused_requests_total",
    help: "Requests that were turned away before they reached a tool, by error code.",
    labelNames: ["code"],
    registers,
  });
  const label = createLabels(maxNames);
  let isKnown: KnownName | undefined;
  const counted = new AfterTurn<CallRecord>(({ kind, name, outcome, durationMs }) => {
    const shown = isKnown?.(kind, name) === true ? label(kind, name) : "(unknown)";
    calls.add(kind, shown, outcome);
    durations.observe({ kind, name: shown }, durationMs / 1000);
  });

  return {
    contentType: register.contentType,
    called: (record) => counted.add(record),
    refused(code) {
      refusals.inc({ code });
    },
    bind(activity, known) {
      isKnown = known;
      bindGauges(register, activity);
    },
    text() {
      counted.flush();
      return register.metrics();
    },
  };
}

/** Keeps the number of label values bounded. A resource goes by its URI, of which there are too many. */
function createLabels(maxNames: number): (kind: CallRecord["kind"], name: string) => string {
  const given = new Set<string>();
  return (kind, name) => {
    if (kind === "resource") return "(any)";
    if (given.has(name)) return name;
    if (given.size >= maxNames) return "(other)";
    given.add(name);
    return name;
  };
}

function bindGauges(register: Registry, activity: () => Activity): void {
  const sessions = new Gauge({
    name: "mcp_sessions",
    help: "Open sessions of 2025-era clients by transport.",
    labelNames: ["transport"],
    registers: [],
    collect() {
      this.set({ transport: "http" }, activity().sessions.open);
      this.set({ transport: "sse" }, activity().sse.open);
    },
  });
  const running = new Gauge({
    name: "mcp_running_calls",
    help: "Tool calls now running.",
    registers: [],
    collect() {
      this.set(activity().runningCalls);
    },
  });
  for (const metric of [sessions, running, ...totals(activity)]) register.registerMetric(metric);
}

/** Totals that the server itself counts are taken over as they stand. */
function totals(activity: () => Activity): Counter[] {
  const expired = new Counter({
    name: "mcp_sessions_expired_total",
    help: "Sessions ended because nobody used them, or to make room.",
    labelNames: ["transport"],
    registers: [],
    collect() {
      this.reset();
      this.inc({ transport: "http" }, activity().sessions.expired);
      this.inc({ transport: "sse" }, activity().sse.expired);
    },
  });
  const requests = new Counter({
    name: "mcp_requests_total",
    help: "MCP requests by the era of the client: modern is 2026-07-28, legacy all before.",
    labelNames: ["era"],
    registers: [],
    collect() {
      const { modern, legacy } = activity().requests;
      this.reset();
      this.inc({ era: "modern" }, modern);
      this.inc({ era: "legacy" }, legacy);
    },
  });
  return [expired, requests];
}
