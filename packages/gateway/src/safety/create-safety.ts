import type { Clock } from "@parley/core";
import type { AddressCheck } from "@parley/mcp-client";
import type { CallSink } from "../audit/audit-log.ts";
import type { LimitRules, NetworkRules, OnChange, OnFinding, SafetyRules } from "../config/safety-config.ts";
import { createCallLimiter } from "../limits/call-limiter.ts";
import type { Definition } from "../pins/definition.ts";
import { createPinStore } from "../pins/pin-store.ts";
import type { PinStore } from "../pins/pin-store.ts";
import { createAddressCheck } from "../policy/address-rules.ts";
import { scanDefinitions } from "../scan/scan-definitions.ts";
import type { Finding } from "../scan/scan-definitions.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { guardUpstream } from "./guard-upstream.ts";
import { reviewOf } from "./review.ts";
import type { Review } from "./review.ts";

/** What stands between callers and the servers; every part of it is off or harmless unless asked for. */
export interface SafetyOptions {
  /** File of pins; without one they last as long as the process. */
  readonly pins?: string | undefined;
  /** Default `quarantine` with a file of pins, else `warn`. */
  readonly onChange?: OnChange | undefined;
  /** Default `warn`. */
  readonly scan?: OnFinding | undefined;
  /** Whether results are looked through too (default `off`). */
  readonly scanResults?: OnFinding | undefined;
  /** The command that approves an item, for messages. */
  readonly approval?: ((item: string) => string) | undefined;
  /** Told of each finished call. */
  readonly sinks?: readonly CallSink[] | undefined;
}

export interface Safety {
  readonly pins: PinStore;
  /** Before each connection to a server. */
  readonly checkAddress: AddressCheck;
  /** Puts itself before a server. */
  guard(upstream: Upstream): Upstream;
  /** Reads the file of pins anew. @returns whether it holds something else now */
  refreshPins(): boolean;
  /** What a server's definitions look like to the scan. */
  findings(upstream: Upstream): readonly Finding[];
  /** Takes other rules. @throws `E_CONFIG_INVALID` */
  reload(rules: SafetyRules): void;
}

export interface SafetySurroundings {
  readonly clock: Clock;
  readonly warn: (server: string, message: string) => void;
  /** All servers at the moment. */
  readonly upstreams: () => Iterable<Upstream>;
}

const noLimits: LimitRules = { keys: {}, tools: {} };
const noNetworkRules: NetworkRules = { allow: [], deny: [] };

/** @throws `E_CONFIG_INVALID` for pins and rules that cannot be used */
export function createSafety(
  options: SafetyOptions,
  rules: SafetyRules,
  { clock, warn, upstreams }: SafetySurroundings,
): Safety {
  const pins = createPinStore({ path: options.pins, clock });
  const inForce = (next: SafetyRules) => ({
    limiter: createCallLimiter(next.limits ?? noLimits, clock),
    check: createAddressCheck(next.network ?? noNetworkRules),
  });
  const held = { ...inForce(rules), rules };
  const changes = createChanges();
  const reviewers = new WeakMap<Upstream["server"], () => Review>();
  const toolsBeside = (server: string): ReadonlySet<string> => {
    const others = [...upstreams()].filter((other) => other.server.name !== server);
    return new Set(others.flatMap(({ offered }) => offered.tools.map(({ name }) => name)));
  };
  const reviewer = (inner: Upstream): (() => Review) => {
    const { name, safety = {} } = inner.server;
    const say = onceEach((message) => warn(name, message));
    const scanned = oncePer(
      () => inner.offered.tools,
      (definitions: readonly Definition[]) => scanDefinitions(name, definitions),
    );
    const look = (): Review =>
      reviewOf(inner, {
        pins,
        scanned,
        onChange: safety.onChange ?? options.onChange ?? (pins.path === undefined ? "warn" : "quarantine"),
        scan: safety.scan ?? options.scan ?? "warn",
        others: toolsBeside(name),
        approval: options.approval ?? ((item) => `mcpo pins approve ${item} --pins FILE`),
        warn: say,
      });
    let seen: (Reviewed & { readonly review: Review }) | undefined;
    return () => {
      const { catalogue, offered } = inner;
      const now: Reviewed = { catalogue, tools: offered.tools, count: changes.count, version: pins.version };
      if (seen === undefined || !isSame(now, seen)) seen = { ...now, review: look() };
      return seen.review;
    };
  };
  return {
    pins,
    checkAddress: (address, host) => held.check(address, host),
    guard(inner) {
      const { name, safety = {} } = inner.server;
      const review = reviewer(inner);
      // What one server offers bears on how the others' words read.
      inner.onChange(() => changes.add());
      const guarded = guardUpstream(inner, {
        clock,
        onApproval: (listener) => changes.onApproval(listener),
        limiter: () => held.limiter,
        review,
        scanResults: safety.scanResults ?? options.scanResults ?? "off",
        warn: (message) => warn(name, message),
        sinks: options.sinks ?? [],
      });
      reviewers.set(inner.server, review);
      return guarded;
    },
    refreshPins() {
      const isOther = pins.refresh();
      if (isOther) changes.approve();
      return isOther;
    },
    findings: (upstream) => reviewers.get(upstream.server)?.().findings ?? [],
    reload(next) {
      // What is running keeps its place: the same limits go on counting.
      if (JSON.stringify(next) !== JSON.stringify(held.rules))
        Object.assign(held, inForce(next), { rules: next });
    },
  };
}

/** What a review depends on. */
interface Reviewed {
  readonly catalogue: Upstream["catalogue"];
  readonly tools: Upstream["offered"]["tools"];
  readonly count: number;
  readonly version: number;
}

/** Asked with every call. */
function isSame(left: Reviewed, right: Reviewed): boolean {
  return (
    left.catalogue === right.catalogue &&
    left.tools === right.tools &&
    left.count === right.count &&
    left.version === right.version
  );
}

/** Works anew only when what its outcome depends on is another. */
function oncePer<Args extends readonly unknown[], Value>(
  key: () => unknown,
  work: (...args: Args) => Value,
): (...args: Args) => Value {
  let seen: { readonly key: unknown; readonly value: Value } | undefined;
  return (...args) => {
    const now = key();
    if (seen === undefined || seen.key !== now) seen = { key: now, value: work(...args) };
    return seen.value;
  };
}

/** Changes of what is offered, and of what has been approved. */
function createChanges() {
  const listeners = new Set<() => void>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add() {
      count += 1;
    },
    approve() {
      for (const listener of listeners) listener();
    },
    onApproval(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const maxSaid = 1000;

function onceEach(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= maxSaid) return;
    said.add(message);
    say(message);
  };
}
