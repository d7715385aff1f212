import { digest } from "@parley/core";
import type { Upstream } from "./upstream.ts";

type Credentials = Readonly<Record<string, string>>;

/**
 * Connections of callers whose own credentials a server gets in place of its entry's: it may show each of them other tools,
 * which are nobody else's to see. Equal credentials share one. Each begins when its caller is first seen.
 */
export interface OwnUpstreams {
  /** The server as this caller gets it; the one that all share where the caller has no credentials for it. */
  of(shared: Upstream, caller: string | undefined): Upstream;
  /** Those that belong to a server, which is given up. */
  take(shared: Upstream): readonly Upstream[];
  /** Those whose credentials no caller has any more, given up too. */
  takeStale(): readonly Upstream[];
  takeAll(): readonly Upstream[];
}

export interface OwnUpstreamsOptions {
  readonly credentialsOf: (caller: string, server: string) => Credentials | undefined;
  readonly open: (server: Upstream["server"], credentials: Credentials) => Upstream;
}

interface Own {
  readonly upstream: Upstream;
  readonly callers: Set<string>;
}

export function createOwnUpstreams({ credentialsOf, open }: OwnUpstreamsOptions): OwnUpstreams {
  const held = new Map<Upstream, Map<string, Own>>();
  // Credentials are looked up at each request, and are the same object until a reload.
  const known = new WeakMap<Credentials, Map<Upstream, Upstream>>();

  const find = (shared: Upstream, caller: string, credentials: Credentials): Upstream => {
    const owns = held.get(shared) ?? new Map<string, Own>();
    held.set(shared, owns);
    const id = digest(credentials);
    const own = owns.get(id) ?? { upstream: open(shared.server, credentials), callers: new Set<string>() };
    owns.set(id, own);
    own.callers.add(caller);
    return own.upstream;
  };
  const take = (shared: Upstream): readonly Upstream[] => {
    const owns = held.get(shared);
    held.delete(shared);
    return Array.from(owns?.values() ?? [], ({ upstream }) => upstream);
  };
  const isStale = (server: string, id: string, { callers }: Own): boolean =>
    ![...callers].some((caller) => {
      const credentials = credentialsOf(caller, server);
      return credentials !== undefined && digest(credentials) === id;
    });
  return {
    of(shared, caller) {
      const { server } = shared;
      if (caller === undefined || !server.enabled || server.connection.kind === "stdio") return shared;
      const credentials = credentialsOf(caller, server.name);
      if (credentials === undefined) return shared;
      const byServer = known.get(credentials) ?? new Map<Upstream, Upstream>();
      known.set(credentials, byServer);
      const own = byServer.get(shared) ?? find(shared, caller, credentials);
      byServer.set(shared, own);
      return own;
    },
    take,
    takeStale() {
      return [...held].flatMap(([{ server }, owns]) =>
        [...owns].flatMap(([id, own]) => {
          if (!isStale(server.name, id, own)) return [];
          owns.delete(id);
          return [own.upstream];
        }),
      );
    },
    takeAll: () => [...held.keys()].flatMap((shared) => take(shared)),
  };
}
