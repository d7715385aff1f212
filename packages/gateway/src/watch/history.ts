import { isoTime } from "@parley/core";
import type { UpstreamStatus } from "../upstream/upstream.ts";
import { createLatencyWindow } from "./latency.ts";
import type { Latency, LatencyWindow } from "./latency.ts";
import type { UpstreamCallRecord, UpstreamOutcome } from "./upstream-call.ts";

/** A call that is over, as the page at `/` shows it: without arguments and answers. */
export interface RecentCall {
  /** Counts from 1 since the start. */
  readonly number: number;
  /** ISO-8601 UTC, when it began. */
  readonly time: string;
  readonly server: string;
  readonly kind: UpstreamCallRecord["kind"];
  readonly name?: string | undefined;
  readonly caller: string;
  readonly outcome: UpstreamOutcome;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly durationMs: number;
}

/** What is known of one server's calls since the start. */
export interface ServerHistory {
  readonly calls: number;
  /** Calls that the server failed, was too late for, or was away for. */
  readonly errors: number;
  /** How often it was there again after it had been away. */
  readonly reconnects: number;
  readonly latency?: Latency | undefined;
  readonly lastError?: RecentCall | undefined;
}

/** What the gateway remembers of calls, in a bounded amount of memory. */
export interface History {
  called(call: UpstreamCallRecord): void;
  changed(server: string, status: UpstreamStatus): void;
  of(server: string): ServerHistory;
  /** Newest first. */
  recent(): readonly RecentCall[];
}

interface Kept {
  calls: number;
  errors: number;
  reconnects: number;
  wasReady: boolean;
  isAway: boolean;
  lastError: RecentCall | undefined;
  readonly latency: LatencyWindow;
}

const maxRecent = 200;
/** Servers remembered, those of earlier configurations included. */
const maxServers = 1000;
const maxText = 200;
const failures: ReadonlySet<UpstreamOutcome> = new Set(["error", "timeout", "unreachable"]);

export function createHistory(): History {
  const kept = new Map<string, Kept>();
  // As they came: they are put into words for who reads them.
  let recent: Numbered[] = [];
  let number = 0;
  const find = (server: string): Kept => {
    const known = kept.get(server);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= maxServers && oldest !== undefined) kept.delete(oldest);
    const fresh = {
      calls: 0,
      errors: 0,
      reconnects: 0,
      wasReady: false,
      isAway: false,
      lastError: undefined,
    };
    const made: Kept = { ...fresh, latency: createLatencyWindow() };
    kept.set(server, made);
    return made;
  };
  return {
    called(call) {
      number += 1;
      // Cut in chunks, so that a call costs no copy of the list.
      recent.push({ number, call });
      if (recent.length >= 2 * maxRecent) recent = recent.slice(-maxRecent);
      const server = find(call.server);
      server.calls += 1;
      server.latency.add(call.durationMs);
      if (!failures.has(call.outcome)) return;
      server.errors += 1;
      server.lastError = shownCall({ number, call });
    },
    changed(name, { state }) {
      const server = find(name);
      if (state === "ready" && server.wasReady && server.isAway) server.reconnects += 1;
      if (state === "ready") server.wasReady = true;
      server.isAway = state === "unreachable";
    },
    of(server) {
      const found = kept.get(server);
      if (found === undefined) return { calls: 0, errors: 0, reconnects: 0 };
      const { calls, errors, reconnects, latency, lastError } = found;
      return { calls, errors, reconnects, latency: latency.read(), lastError };
    },
    recent: () => recent.slice(-maxRecent).toReversed().map(shownCall),
  };
}

interface Numbered {
  readonly number: number;
  readonly call: UpstreamCallRecord;
}

function shownCall({ number, call }: Numbered): RecentCall {
  const { server, kind, name, caller, startedAt, durationMs, outcome, code, message } = call;
  return {
    number,
    time: isoTime(startedAt),
    server,
    kind,
    ...(name === undefined ? {} : { name: name.slice(0, maxText) }),
    caller: caller.slice(0, maxText),
    outcome,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message: message.slice(0, maxText) }),
    durationMs: Math.round(durationMs * 10) / 10,
  };
}
