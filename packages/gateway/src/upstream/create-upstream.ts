import type { Clock } from "@parley/core";
import { createMount } from "@parley/mount";
import type { MountOptions } from "@parley/mount";
import { createRegistry } from "@parley/tool-registry";
import type { ToolContext } from "@parley/tool-registry";
import type { GatewayServer } from "../config/gateway-config.ts";
import { forwardedHeaders } from "../policy/forwarded-headers.ts";
import type { Keyring } from "../policy/keyring.ts";
import { catalogueOf, emptyCatalogue, readIdentity } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { withinLimit } from "./deadline.ts";
import { firstStatus } from "./first-status.ts";
import { createLastWords } from "./last-words.ts";
import { createLatch } from "./latch.ts";
import { openClient } from "./open-client.ts";
import type { ClientSurroundings } from "./open-client.ts";
import { calledAgain } from "./repeatable.ts";
import { createRunning } from "./running.ts";
import { nothingOffered } from "../pins/definition.ts";
import type { Offered } from "../pins/definition.ts";
import { applyToolPolicy } from "./_tool-policy.ts";
import type { Upstream, UpstreamStatus } from "./upstream.ts";
import type { UpstreamCallRecord } from "../watch/upstream-call.ts";

/** What every server behind a gateway shares. */
export interface UpstreamOptions extends ClientSurroundings {
  readonly clock: Clock;
  /** Time of a call for servers whose entry says nothing. */
  readonly timeoutMs: number;
  /** Whether callers send a key of the gateway, which no server may see (default `false`). */
  readonly isKeyed?: (() => boolean) | undefined;
  /** Headers that a server gets in place of its entry's when this caller calls. */
  readonly credentialsOf?: Keyring["credentialsOf"] | undefined;
  /** What a server gets in place of its entry's headers, whoever calls: the connection is that of one caller. */
  readonly ownHeaders?: Readonly<Record<string, string>> | undefined;
  readonly onStatus?: ((server: string, status: UpstreamStatus) => void) | undefined;
  /** Hears of each finished call, right after it was answered. It must not throw. */
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
  const { clock, isKeyed = () => false, credentialsOf = () => undefined } = options;
  const registry = createRegistry();
  const running = createRunning();
  const listeners = new Set<() => void>();
  const held: {
    identity?: () => Catalogue["identity"];
    items: Offered;
    offered: Offered;
    status: UpstreamStatus;
    catalogue: Catalogue;
  } = {
    items: nothingOffered,
    offered: nothingOffered,
    status: firstStatus(server, clock.now()),
    catalogue: emptyCatalogue,
  };
  const first = createLatch();

  const warn = (message: string): void => options.onWarning?.(name, message);
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const rebuild = (): void => {
    held.catalogue = catalogueOf(registry, held.identity?.() ?? {});
    held.offered = offeredBy(held.items, held.catalogue);
    tell();
  };
  const words = createLastWords(server, options);
  const connect: MountOptions["connect"] = (connection, headers) => {
    const client = openClient(server, words.surroundings, {
      ...connection,
      headers: headers ?? options.ownHeaders,
    });
    // The first is the one that all share.
    held.identity ??= () => readIdentity(client.server);
    return client;
  };
  const headersOf = ({ headers, caller = "" }: ToolContext) => {
    const { forwarding } = server;
    const forwarded = headers && forwardedHeaders(headers, { forwarding, isKeyed: isKeyed() });
    const { ownHeaders } = options;
    if (ownHeaders !== undefined) return forwarded && { ...forwarded, ...ownHeaders };
    const credentials = credentialsOf(caller, name);
    return credentials === undefined ? forwarded : { ...forwarded, ...credentials };
  };
  const mount = createMount({
    name,
    registry,
    prefix: "",
    connect,
    sessions: server.sessions,
    maxSessions: server.maxSessions,
    callHeaders: server.connection.kind === "stdio" ? undefined : headersOf,
    firstBackoffMs: options.firstBackoffMs,
    refreshMs: options.refreshMs,
    select: ({ tools, ...rest }) => {
      held.items = { tools, prompts: rest.prompts };
      held.offered = offeredBy(held.items, held.catalogue);
      return { ...rest, tools: applyToolPolicy(tools, server.tools, warn) };
    },
    onWarning: warn,
    onStatus(found) {
      const { state } = found;
      const reason = words.explain(found);
      held.status = { state, since: clock.now(), ...(reason === undefined ? {} : { reason }) };
      if (state === "ready") rebuild();
      else tell();
      if (state !== "connecting") first.open();
      options.onStatus?.(name, held.status);
    },
  });
  registry.onChange(rebuild);

  const within: Upstream["within"] = (what, { context, timeoutMs }, work) => {
    const limit = {
      what: `${name}: ${what}`,
      timeoutMs: timeoutMs ?? server.timeoutMs ?? options.timeoutMs,
      isFollowed: context.mayOutlive,
      ended: running.enter(),
    };
    return withinLimit(limit, context, work);
  };

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= mount.close());
  return {
    server,
    get status() {
      return held.status;
    },
    get catalogue() {
      return held.catalogue;
    },
    get offered() {
      return held.offered;
    },
    settled: first.opened,
    get running() {
      return running.count;
    },
    within,
    callTool: (found, args, call) =>
      within(found.original, call, (context) => calledAgain(found, () => found.tool.call(args, context))),
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

function offeredBy(items: Offered, { identity: { instructions } }: Catalogue): Offered {
  return instructions === undefined ? items : { ...items, instructions };
}
