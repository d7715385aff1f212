import { setTimeout as sleep } from "node:timers/promises";
import { canonicalJson } from "@parley/core";
import type { GatewayServer } from "../config/gateway-config.ts";
import { isPooled, pooledUpstream } from "../pool/pooled-upstream.ts";
import { createUpstream } from "./create-upstream.ts";
import type { UpstreamOptions } from "./create-upstream.ts";
import { disabledUpstream } from "./disabled-upstream.ts";
import { createOwnUpstreams } from "./own-upstreams.ts";
import type { View } from "../policy/view.ts";
import type { Upstream } from "./upstream.ts";
import type { BusyPoll } from "../watch/busy-poll.ts";
import { watchedUpstream } from "../watch/watched-upstream.ts";

/** How the servers behind a gateway changed. */
export interface RosterChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The servers behind a gateway, by name; replaced as a whole. */
export interface Roster {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** All servers, those that a caller sees as it gets them. */
  of(view: View): readonly Upstream[];
  /** One of them, if the caller may see it. */
  find(name: string, view: View): Upstream | undefined;
  /** Waits a short while for those that are a caller's own: without them its lists would be empty at first. */
  ready(view: View): Promise<void>;
  /** Told that callers may have other credentials now. */
  refresh(): void;
  /** Counts changes of the servers and of what they offer. */
  readonly version: number;
  /**
   * Puts other servers in their place. Those whose entry is the same stay connected; new ones get some time to connect
   * first, then all change at one moment; old ones close when their running calls have ended.
   */
  replace(servers: readonly GatewayServer[]): Promise<RosterChange>;
  /** Hears of changes; those of one turn of the event loop count as one. */
  onChange(listener: () => void): () => void;
  onTouch(listener: (uri: string) => void): () => void;
  close(): Promise<void>;
}

export interface RosterOptions extends UpstreamOptions {
  /** How long a reload waits for new servers before it goes on without them (default 10,000). */
  readonly settleMs?: number | undefined;
  /** How long calls of a server that was replaced may run on (default 600,000). */
  readonly retireMs?: number | undefined;
  /** Stands before every server, so that nothing goes around it. */
  readonly guard?: ((upstream: Upstream) => Upstream) | undefined;
  /** Told of each call that is told of. */
  readonly busyPoll?: BusyPoll | undefined;
  /** From 0 to below 1, for the choice between replicas (default `Math.random`). */
  readonly random?: (() => number) | undefined;
}

export function createRoster(servers: readonly GatewayServer[], options: RosterOptions): Roster {
  const { settleMs = 10_000, retireMs = 600_000, guard = (upstream) => upstream } = options;
  const changes = createChanges();
  const retiring = new Set<Upstream>();
  const { clock, onCall, busyPoll } = options;
  const watched = (upstream: Upstream): Upstream =>
    onCall === undefined ? upstream : watchedUpstream(upstream, { clock, onCall, busyPoll });
  const openEnabled = (server: GatewayServer, its: UpstreamOptions): Upstream => {
    const connect = (each: GatewayServer): Upstream => createUpstream(each, its);
    const opened = isPooled(server)
      ? pooledUpstream(server, { clock, open: connect, random: options.random })
      : connect(server);
    return watched(guard(opened));
  };
  const open = (server: GatewayServer): Upstream =>
    follow(server.enabled ? openEnabled(server, options) : disabledUpstream(server, clock), changes);
  const own = createOwnUpstreams({
    credentialsOf: (caller, server) => options.credentialsOf?.(caller, server),
    // How the server is, is told by the connection that all share. The entry is copied, since each is reviewed by itself.
    open: (server, ownHeaders) =>
      follow(openEnabled({ ...server }, { ...options, ownHeaders, onStatus: undefined }), changes),
  });
  const seenBy = (shared: Upstream, view: View): Upstream =>
    view.seesServer(shared.server.name) ? own.of(shared, view.caller) : shared;
  let upstreams: ReadonlyMap<string, Upstream> = new Map(
    servers.map((server) => [server.name, open(server)]),
  );
  let replacing: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const retire = async (upstream: Upstream): Promise<void> => {
    retiring.add(upstream);
    await upstream.retire(retireMs);
    retiring.delete(upstream);
  };
  const retireAll = (gone: readonly Upstream[]): void => gone.forEach((upstream) => void retire(upstream));
  const swap = async (wanted: readonly GatewayServer[]): Promise<RosterChange> => {
    const before = upstreams;
    const next = new Map(
      wanted.map((server) => {
        const known = before.get(server.name);
        const isSame = known !== undefined && canonicalJson(known.server) === canonicalJson(server);
        return [server.name, isSame ? known : open(server)] as const;
      }),
    );
    const fresh = [...next.values()].filter((upstream) => before.get(upstream.server.name) !== upstream);
    await settle(fresh, settleMs);
    if (isClosed) {
      await Promise.all(fresh.map((upstream) => upstream.close()));
      return { added: [], changed: [], removed: [] };
    }
    upstreams = next;
    changes.tell();
    for (const [name, upstream] of before) {
      if (next.get(name) !== upstream) retireAll([upstream, ...own.take(upstream)]);
    }
    const names = fresh.map(({ server }) => server.name);
    return {
      added: names.filter((name) => !before.has(name)),
      changed: names.filter((name) => before.has(name)),
      removed: [...before.keys()].filter((name) => !next.has(name)),
    };
  };

  return {
    get upstreams() {
      return upstreams;
    },
    get version() {
      return changes.version;
    },
    of: (view) => Array.from(upstreams.values(), (each) => seenBy(each, view)),
    find(name, view) {
      const found = upstreams.get(name);
      return found === undefined || !view.seesServer(name) ? undefined : seenBy(found, view);
    },
    async ready(view) {
      const owned = [...upstreams.values()].flatMap((each) => {
        const its = seenBy(each, view);
        return its === each ? [] : [its];
      });
      if (owned.length > 0) await settle(owned, readyMs);
    },
    refresh() {
      retireAll(own.takeStale());
      changes.tell();
    },
    replace(wanted) {
      const done = replacing.then(() => swap(wanted));
      replacing = done.catch(() => undefined);
      return done;
    },
    onChange: changes.listen,
    onTouch: changes.listenToTouches,
    async close() {
      isClosed = true;
      const all = [...upstreams.values(), ...own.takeAll(), ...retiring];
      await Promise.all(all.map((upstream) => upstream.close()));
      await replacing;
    },
  };
}

/** Longest wait of a request for its caller's own connections. */
const readyMs = 5000;

async function settle(fresh: readonly Upstream[], settleMs: number): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const late = sleep(settleMs, undefined, { signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all(fresh.map(({ settled }) => settled)), late]);
  stop.abort();
}

interface Changes {
  readonly version: number;
  readonly tell: () => void;
  readonly touch: (uri: string) => void;
  readonly listen: (listener: () => void) => () => void;
  readonly listenToTouches: (listener: (uri: string) => void) => () => void;
}

function createChanges(): Changes {
  const listeners = new Set<() => void>();
  const touched = new Set<(uri: string) => void>();
  let version = 0;
  let isPending = false;
  const fire = (): void => {
    isPending = false;
    for (const listener of listeners) listener();
  };
  return {
    get version() {
      return version;
    },
    tell() {
      version += 1;
      if (!isPending) queueMicrotask(fire);
      isPending = true;
    },
    touch(uri) {
      for (const listener of touched) listener(uri);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listenToTouches(listener) {
      touched.add(listener);
      return () => void touched.delete(listener);
    },
  };
}

/** Its listeners go with it. */
function follow(upstream: Upstream, changes: Changes): Upstream {
  upstream.onChange(() => changes.tell());
  upstream.onTouch((uri) => changes.touch(uri));
  return upstream;
}
