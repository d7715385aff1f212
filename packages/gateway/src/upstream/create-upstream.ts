import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@parley/core";
import { createMount } from "@parley/mount";
import type { MountConnection } from "@parley/mount";
import { createRegistry } from "@parley/tool-registry";
import type { GatewayServer } from "../config/gateway-config.ts";
import type { Keyring } from "../policy/keyring.ts";
import { createCallerClients } from "./callers.ts";
import { catalogueOf, emptyCatalogue, readIdentity } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { withinLimit } from "./deadline.ts";
import { createLatch } from "./latch.ts";
import { openClient } from "./open-client.ts";
import type { ClientSurroundings } from "./open-client.ts";
import { routeClient } from "./route-client.ts";
import { createRunning } from "./running.ts";
import { applyToolPolicy } from "./_tool-policy.ts";
import type { Upstream, UpstreamStatus } from "./upstream.ts";
import type { UpstreamCallRecord } from "../watch/upstream-call.ts";

/** What every server behind a gateway shares. */
export interface UpstreamOptions extends ClientSurroundings {
  readonly clock: Clock;
  /** Time of a call for servers whose entry says nothing. */
  readonly timeoutMs: number;
  /** Headers that a server gets in place of its entry's when this caller calls. */
  readonly credentialsOf?: Keyring["credentialsOf"] | undefined;
  readonly onStatus?: ((server: string, status: UpstreamStatus) => void) | undefined;
  /** Hears of each finished call. */
  readonly onCall?: ((call: UpstreamCallRecord) => void) | undefined;
  /** Hears of what was left out. */
  readonly onWarning?: ((server: string, message: string) => void) | undefined;
  /** Wait after a first failure; see `@parley/mount`. */
  readonly firstBackoffMs?: number | undefined;
  readonly refreshMs?: number | undefined;
}

/** Connects to a server in the background, follows it, and comes back to it when it was away. */
export function createUpstream(server: GatewayServer, options: UpstreamOptions): Upstream {
  const { name } = server;
  const { clock, credentialsOf = () => undefined } = options;
  const registry = createRegistry();
  const running = createRunning();
  const listeners = new Set<() => void>();
  const held: { identity: () => Catalogue["identity"]; status: UpstreamStatus; catalogue: Catalogue } = {
    identity: () => ({}),
    status: { state: "connecting", since: clock.now() },
    catalogue: emptyCatalogue,
  };
  const first = createLatch();
  const own = new AsyncLocalStorage<Readonly<Record<string, string>>>();
  const callers = createCallerClients((headers) => openClient(server, options, { headers }));

  const warn = (message: string): void => options.onWarning?.(name, message);
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const rebuild = (): void => {
    held.catalogue = catalogueOf(registry, held.identity());
    tell();
  };
  const connect = (connection: MountConnection) => {
    const client = openClient(server, options, connection);
    held.identity = () => readIdentity(client.server);
    return routeClient(client, { own, callers });
  };
  const mount = createMount({
    name,
    registry,
    prefix: "",
    connect,
    firstBackoffMs: options.firstBackoffMs,
    refreshMs: options.refreshMs,
    select: ({ tools, ...rest }) => ({ ...rest, tools: applyToolPolicy(tools, server.tools, warn) }),
    onWarning: warn,
    onStatus({ state, reason }) {
      held.status = { state, since: clock.now(), ...(reason === undefined ? {} : { reason }) };
      if (state === "ready") rebuild();
      else tell();
      if (state !== "connecting") first.open();
      options.onStatus?.(name, held.status);
    },
  });
  registry.onChange(rebuild);

  const headersOf = ({ context, headers }: Parameters<Upstream["within"]>[1]) => {
    const credentials = credentialsOf(context.caller ?? "", name);
    return credentials === undefined ? headers : { ...headers, ...credentials };
  };
  const within: Upstream["within"] = async (what, call, work) => {
    const { context, timeoutMs } = call;
    const limit = {
      what: `${name}: ${what}`,
      timeoutMs: timeoutMs ?? server.timeoutMs ?? options.timeoutMs,
      signal: context.signal,
    };
    const headers = headersOf(call);
    const run = () => withinLimit(limit, context, work);
    return await running.during(headers === undefined ? run() : own.run(headers, run));
  };

  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.all([mount.close(), callers.close()]);
  };
  const close = (): Promise<void> => (closed ??= end());
  return {
    server,
    get status() {
      return held.status;
    },
    get catalogue() {
      return held.catalogue;
    },
    settled: first.opened,
    get running() {
      return running.count;
    },
    within,
    callTool: (found, args, call) =>
      within(found.original, call, (context) => found.tool.call(args, context)),
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onTouch: (listener) => registry.onTouch(listener),
    async retire(graceMs) {
      await running.idle(graceMs);
      await close();
    },
    close,
  };
}
